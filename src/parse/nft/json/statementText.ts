import {expressionText, isObject, nameText, type Value} from './expressionText.js'

type Body = {readonly [key: string]: Value}

/** A statement of libnftables-json(5) as nft prints it in text. */
export function statementText(statement: Value): string {
  const [[kind, value] = ['?', null] as const] = isObject(statement) ? Object.entries(statement) : []
  const body: Body = isObject(value) ? value : {}
  const word = (key: string): string => expressionText(body[key])
  const over = body['inv'] === true ? 'over ' : ''
  switch (kind) {
    case 'match':
      return [word('left'), body['op'] === 'in' ? '' : nameText(body['op']), word('right')].filter(Boolean).join(' ')
    case 'vmap':
      return `${word('key')} vmap ${word('data')}`
    case 'mangle':
      return `${word('key')} set ${word('value')}`
    case 'counter':
      return objectText(kind, value) ?? kind
    case 'log':
    case 'last':
    case 'notrack':
    case 'queue':
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return kind
    case 'jump':
    case 'goto':
      return `${kind} ${nameText(body['target'])}`
    case 'flow':
      return `flow ${nameText(body['op'])} ${nameText(body['flowtable'])}`
    case 'dup':
      return `dup to ${word('addr')}${body['dev'] === undefined ? '' : ` device ${word('dev')}`}`
    case 'fwd':
      return body['addr'] === undefined
        ? `fwd to ${word('dev')}`
        : `fwd ${nameText(body['family'])} to ${word('addr')} device ${word('dev')}`
    case 'tproxy':
      return ['tproxy', body['family'] === undefined ? '' : nameText(body['family']), 'to', endpointText(body)]
        .filter(Boolean)
        .join(' ')
    case 'synproxy':
      return synproxyText(value)
    case 'limit':
      return objectText(kind, value) ?? `limit rate ${over}${word('rate')}/${word('per')}`
    case 'quota':
      return objectText(kind, value) ?? `quota ${over}${word('val')} ${word('val_unit')}`
    case 'ct count':
      return `ct count ${over}${word('val')}`
    case 'ct helper':
    case 'ct timeout':
    case 'ct expectation':
      return `${kind} set ${expressionText(value)}`
    case 'reject':
      return rejectText(body)
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return natText(kind, body)
    case 'set':
    case 'map':
      return `${nameText(body['op'])} ${word(kind)} { ${word('elem')}${body['stmt'] === undefined ? '' : ` ${conditionOf(body['stmt'])}`} }`
    case 'xt':
      return `xt ${word('type')} ${word('name')}`
    default:
      return `?${kind}`
  }
}

/** A stateful object of the table, by its name or by a map that gives it; null: the statement has its own. */
function objectText(kind: string, value: Value): string | null {
  if (typeof value === 'string') return `${kind} name ${JSON.stringify(value)}`
  return isObject(value) && value['map'] !== undefined ? `${kind} name ${expressionText(value)}` : null
}

function rejectText(body: Body): string {
  const type = body['type']
  if (type === undefined) return 'reject'
  return type === 'tcp reset' ? 'reject with tcp reset' : `reject with ${nameText(type)} ${nameText(body['expr'])}`
}

function natText(kind: string, body: Body): string {
  const {family, addr, port, flags} = body
  const words = [kind]
  if (typeof family === 'string') words.push(family)
  if (body['type_flags'] === 'prefix') words.push('prefix')
  if (addr !== undefined || port !== undefined) words.push(`to ${endpointText(body)}`)
  const all = (Array.isArray(flags) ? flags : flags === undefined ? [] : [flags]) as readonly Value[]
  const known = all.filter(flag => flag !== 'netmap').map(String)
  return [...words, known.join(',')].filter(Boolean).join(' ')
}

/** `10.0.0.1:80`, `[fd00::1]:80`, `:80`: each part may be missing. */
function endpointText({addr, port}: Body): string {
  const address = addr === undefined ? '' : expressionText(addr)
  const bracketed = port !== undefined && typeof addr === 'string' && addr.includes(':') ? `[${address}]` : address
  return `${bracketed}${port === undefined ? '' : `:${expressionText(port)}`}`
}

function synproxyText(value: Value): string {
  if (typeof value === 'string') return `synproxy name ${JSON.stringify(value)}`
  const {mss, wscale, flags} = isObject(value) ? value : {}
  const words = ['synproxy', ...(mss === undefined ? [] : ['mss', expressionText(mss)])]
  if (wscale !== undefined) words.push('wscale', expressionText(wscale))
  return [
    ...words,
    ...(Array.isArray(flags) ? flags.map(String) : flags === undefined ? [] : [expressionText(flags)]),
  ].join(' ')
}

/** Statements inside an element that may fail. */
function conditionOf(statements: Value): string {
  const all = Array.isArray(statements) ? (statements as readonly Value[]) : []
  return all
    .map(statementText)
    .filter(text => /^(limit|quota|ct count)/.test(text))
    .join(' ')
}
