import {type Family, SCTP, TCP, UDP} from '../../net/index.js'
import type {Evidence, IpvsMethod, IpvsTunnel} from '../../model/index.js'
import {type DestinationDraft, type FrontendWords, METHODS, NO_DETAILS, NO_OPTIONS, type ServiceDraft} from './draft.js'
import {familyOfWords, readEndpoint} from './endpoint.js'
import {readPersistence} from './persistence.js'

export type SaveRecord =
  | {readonly kind: 'service'; readonly service: ServiceDraft}
  | {readonly kind: 'destination'; readonly frontend: FrontendWords; readonly destination: DestinationDraft}

const SERVICE_OPTIONS: ReadonlyMap<string, number> = new Map([
  ['-t', TCP],
  ['--tcp-service', TCP],
  ['-u', UDP],
  ['--udp-service', UDP],
  ['--sctp-service', SCTP],
])

/** Options of one value, by the names that ipvsadm gives them. */
const VALUES: ReadonlyMap<string, string> = new Map([
  ['-f', 'mark'],
  ['--fwmark-service', 'mark'],
  ['-s', 'scheduler'],
  ['--scheduler', 'scheduler'],
  ['-M', 'mask'],
  ['--netmask', 'mask'],
  ['--pe', 'engine'],
  ['-b', 'flags'],
  ['--sched-flags', 'flags'],
  ['-r', 'real'],
  ['--real-server', 'real'],
  ['-w', 'weight'],
  ['--weight', 'weight'],
  ['-x', 'upper'],
  ['--u-threshold', 'upper'],
  ['-y', 'lower'],
  ['--l-threshold', 'lower'],
  ['--tun-type', 'tunnel type'],
  ['--tun-port', 'tunnel port'],
])

/** ipvsadm's own default where no scheduler, and where no timeout is named. */
const DEFAULT_SCHEDULER = 'wlc'
const DEFAULT_TIMEOUT = '300'

/** A line of a save, option by option. */
interface Options {
  readonly values: ReadonlyMap<string, string>
  readonly frontend: FrontendWords | null
  readonly method: IpvsMethod | null
  readonly v6: boolean
  readonly onePacket: boolean
}

/**
 * `-A -t 10.100.0.1:443 -s rr -p 10800`, `-a -t 10.100.0.1:443 -r 10.0.1.9:443 -m -w 1`, as `ipvsadm -S` writes them.
 * @returns null where it is neither, or a value of it makes no sense
 */
export function readSaveLine(evidence: Evidence): SaveRecord | null {
  const [command = '', ...words] = evidence.text.trim().split(/\s+/)
  const options = readOptions(words)
  if (options?.frontend == null) return null
  if (/^(-A|--add-service)$/.test(command)) {
    const service = makeService(evidence, options, options.frontend)
    return service && {kind: 'service', service}
  }
  if (!/^(-a|--add-server)$/.test(command)) return null
  const destination = makeDestination(evidence, options)
  return destination && {kind: 'destination', frontend: options.frontend, destination}
}

function readOptions(words: readonly string[]): Options | null {
  const values = new Map<string, string>()
  let frontend: FrontendWords | null = null
  let method: IpvsMethod | null = null
  let v6 = false
  let onePacket = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const protocol = SERVICE_OPTIONS.get(word)
    const name = VALUES.get(word)
    if (protocol !== undefined) {
      const endpoint = readEndpoint(words[++i] ?? '')
      if (endpoint === null) return null
      frontend = {kind: 'address', protocol, endpoint}
    } else if (name !== undefined) {
      const value = words[++i]
      if (value === undefined) return null
      values.set(name, value)
    } else if (word === '-p' || word === '--persistent') {
      values.set('timeout', /^\d/.test(words[i + 1] ?? '') ? (words[++i] as string) : DEFAULT_TIMEOUT)
    } else if (METHODS.has(word)) method = METHODS.get(word) ?? null
    else if (word === '-6' || word === '--ipv6') v6 = true
    // before 1.27 a save says it in the words of a listing
    else if (/^(-o|--ops|ops)$/.test(word)) onePacket = true
    else if (!/^--tun-(no)?(rem)?csum$/.test(word)) return null
  }
  const mark = values.get('mark')
  if (mark !== undefined && /^\d+$/.test(mark)) frontend = {kind: 'mark', mark: Number(mark) >>> 0}
  return {values, frontend, method, v6, onePacket}
}

function makeService(evidence: Evidence, options: Options, frontend: FrontendWords): ServiceDraft | null {
  const {values, onePacket} = options
  const family: Family | null = frontend.kind === 'mark' ? (options.v6 ? 6 : 4) : familyOfWords(frontend.endpoint)
  const timeout = values.get('timeout')
  const mask = values.get('mask') ?? null
  const persistence = timeout === undefined ? null : readPersistence(timeout, mask, family ?? 4)
  if (timeout !== undefined && persistence === null) return null
  return {
    ...NO_OPTIONS,
    ...evidence,
    frontend,
    family,
    scheduler: values.get('scheduler') ?? DEFAULT_SCHEDULER,
    schedulerFlags: new Set(values.get('flags')?.split(',') ?? []),
    persistence,
    onePacket,
    persistenceEngine: values.get('engine') ?? null,
    destinations: [],
    unread: null,
  }
}

function makeDestination(evidence: Evidence, {values, method}: Options): DestinationDraft | null {
  const endpoint = readEndpoint(values.get('real') ?? '')
  const weight = readCount(values.get('weight') ?? '1')
  const upperThreshold = readCount(values.get('upper') ?? '0')
  const lowerThreshold = readCount(values.get('lower') ?? '0')
  const tunnel = readTunnel(values)
  if (endpoint === null || weight === null || upperThreshold === null || lowerThreshold === null || tunnel === null)
    return null
  // gatewaying is ipvsadm's default
  return {
    ...NO_DETAILS,
    ...evidence,
    endpoint,
    method: method ?? 'route',
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel,
  }
}

function readTunnel(values: ReadonlyMap<string, string>): IpvsTunnel | null {
  const type = values.get('tunnel type') ?? 'ipip'
  const port = readCount(values.get('tunnel port') ?? '0')
  if ((type !== 'ipip' && type !== 'gue' && type !== 'gre') || port === null) return null
  return {type, port}
}

function readCount(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null
}
