import type {Repair} from './repair.js'

/** What ssh, kubectl and SSM print around a command's output. */
const NOTICES = new RegExp(
  `^(?:${[
    'Defaulted container "',
    'Creating debugging pod ',
    "If you don't see a command prompt",
    'Unable to use a TTY',
    'Pseudo-terminal will not be allocated',
    "Warning: Permanently added '",
    'Connection to \\S+ closed',
    'Shared connection to \\S+ closed',
    'Last login: ',
    'Starting session with SessionId',
    'Exiting session with sessionId',
    'Killed by signal \\d+',
  ].join('|')}).*$`,
  'gm',
)

/** The picture that Amazon Linux shows at login, up to its last line; it stands at the top. */
const PICTURE =
  /^(?:.*\n){0,4}?( *,? +#_ *| *__\| +__\|_ +\)).*\n(?:[ ~_#\\/'.,\->V`|()=m]*(?:Amazon Linux.*|https:\/\/aws\.\S*)?\n){1,9}/

export const banner: Repair = {
  name: 'notices of ssh or kubectl',
  apply: text => {
    const head = text.slice(0, 2048)
    const picture = PICTURE.exec(head)?.[0]
    const plain = picture === undefined ? text : emptyLines(picture) + text.slice(picture.length)
    return plain.replace(NOTICES, '')
  },
}

function emptyLines(text: string): string {
  return text.replace(/[^\n]+/g, '')
}
