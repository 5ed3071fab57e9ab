import type {Evidence, IpvsConnection, Parsed, SourceText} from '../../model/index.js'
import {DiagnosticList} from '../shared/diagnosticList.js'
import {isToolError} from '../shared/toolErrors.js'
import {readConnectionLine, readHexConnectionLine} from './connectionLine.js'
import type {FrontendWords, IpvsForm, IpvsListing, ServiceDraft} from './draft.js'
import {type Columns, readDestinationLine, readServiceLine} from './listLine.js'
import {readSaveLine} from './saveLine.js'

/** What one document says of IPVS: each listing in it by itself, for `settleIpvs` to put together. */
export interface IpvsDocument {
  readonly listings: readonly IpvsListing[]
  /** Null: no listing of connections. */
  readonly connections: readonly IpvsConnection[] | null
}

/** What else stands in such documents: headers, timeouts, sync daemons, and what ipvsadm says before its error. */
const OTHER =
  /^(IP Virtual Server version |Timeout \(tcp tcpfin udp\)|(master|backup) sync daemon |Are you sure that IP Virtual Server)/

/** The kernel has no ip_vs at all: as good as an empty listing. */
const NO_IPVS = /^Can't initialize ipvs: Protocol not available/

/**
 * Reads `ipvsadm -S`, `ipvsadm -L` with its variants (--stats, --rate, --exact, --thresholds, --persistent-conn, -c), with and without -n,
 * /proc/net/ip_vs and /proc/net/ip_vs_conn, also several in one document.
 */
export function parseIpvs(source: SourceText): Parsed<IpvsDocument> {
  return new IpvsReader(source).read()
}

const FORWARD: Columns = {hex: false, details: 'forward'}

class IpvsReader {
  readonly #source: SourceText
  readonly #diagnostics: DiagnosticList
  readonly #listings: IpvsListing[] = []
  #connections: IpvsConnection[] | null = null
  #columns = FORWARD
  #form: IpvsForm | 'connections' | 'hex connections' | null = null
  #service: ServiceDraft | null = null
  #line = 0

  constructor(source: SourceText) {
    this.#source = source
    this.#diagnostics = new DiagnosticList(source.name)
  }

  read(): Parsed<IpvsDocument> {
    const {text, firstLine = 1} = this.#source
    this.#line = firstLine
    for (let at = 0; at < text.length; this.#line++) {
      const newline = text.indexOf('\n', at)
      const end = newline < 0 ? text.length : newline
      this.#readLine(text.slice(at, end).trimEnd(), newline >= 0)
      at = end + 1
    }
    return {
      value: {listings: this.#listings, connections: this.#connections},
      diagnostics: this.#diagnostics.all,
    }
  }

  #readLine(text: string, ended: boolean): void {
    const trimmed = text.trim()
    if (trimmed === '' || OTHER.test(trimmed)) return
    if (NO_IPVS.test(trimmed)) this.#open('list')
    else if (isToolError(trimmed) || trimmed.startsWith("Can't initialize ipvs")) this.#failed(trimmed)
    else if (!this.#readHeader(trimmed)) this.#readRecord({source: this.#here(), text: trimmed}, ended)
  }

  #here(): Evidence['source'] {
    return {document: this.#source.name, line: this.#line}
  }

  /** Most nodes have no ipvsadm, and need none. */
  #failed(text: string): void {
    const absent = /not (found|installed)$|No such file or directory/.test(text)
    this.#diagnostics.add('TOOL_ERROR', absent ? 'info' : 'error', `The tool failed: "${text}".`, this.#line)
  }

  #open(form: IpvsForm): IpvsListing {
    const listing = {form, services: [], unread: []}
    this.#form = form
    this.#service = null
    this.#listings.push(listing)
    return listing
  }

  #readHeader(text: string): boolean {
    const titles = /^Prot LocalAddress:Port\s+(\S+)(?:\s+(\S+))?/.exec(text)
    if (titles !== null) {
      this.#columns = {hex: false, details: detailsOf(titles[1] ?? '', titles[2] ?? '')}
      this.#open(this.#columns.details === 'forward' ? 'list' : 'counters')
      return true
    }
    const arrow = /^-> RemoteAddress:Port( *)(\S*)/.exec(text)
    if (arrow !== null) {
      // the kernel's own file has one blank where ipvsadm fills a column
      if (arrow[1] === ' ' && arrow[2] === 'Forward') this.#readAsHex()
      return true
    }
    if (/^IPVS connection entries/.test(text)) this.#openConnections('connections')
    else if (/^pro expire /.test(text)) this.#openConnections('connections')
    else if (/^Pro FromIP /.test(text)) this.#openConnections('hex connections')
    else return false
    return true
  }

  #readAsHex(): void {
    this.#columns = {hex: true, details: 'forward'}
    this.#listings.pop()
    this.#open('proc')
  }

  #openConnections(form: 'connections' | 'hex connections'): void {
    this.#form = form
    this.#connections ??= []
  }

  #readRecord(evidence: Evidence, ended: boolean): void {
    if (/^(-A|-a|--add-service|--add-server)\s/.test(evidence.text)) this.#readSave(evidence, ended)
    else if (this.#form === 'connections' || this.#form === 'hex connections') this.#readConnection(evidence, ended)
    else if (/^(TCP|UDP|SCTP|FWM)\s/.test(evidence.text)) this.#readService(evidence, ended)
    else if (evidence.text.startsWith('->')) this.#readDestination(evidence, ended)
    else this.#unparsed(evidence, ended, 'No line of ipvsadm')
  }

  #readConnection(evidence: Evidence, ended: boolean): void {
    const connection = this.#form === 'connections' ? readConnectionLine(evidence) : readHexConnectionLine(evidence)
    if (connection === null) this.#unparsed(evidence, ended, 'No connection of IPVS')
    else this.#connections?.push(connection)
  }

  #readSave(evidence: Evidence, ended: boolean): void {
    const listing = this.#listing('save')
    const record = readSaveLine(evidence)
    if (record?.kind === 'service') {
      this.#service = record.service
      listing.services.push(record.service)
      return
    }
    const service = record === null ? null : this.#serviceOf(listing, record.frontend)
    if (record !== null && service !== null) service.destinations.push(record.destination)
    else this.#unreadLine(listing, evidence, ended, /^(-a|--add-server)\s/.test(evidence.text))
  }

  /** A save names the service on each line; it stands behind the service's own. */
  #serviceOf(listing: IpvsListing, frontend: FrontendWords): ServiceDraft | null {
    const wanted = JSON.stringify(frontend, plain)
    if (this.#service !== null && JSON.stringify(this.#service.frontend, plain) === wanted) return this.#service
    return listing.services.find(service => JSON.stringify(service.frontend, plain) === wanted) ?? null
  }

  #readService(evidence: Evidence, ended: boolean): void {
    const listing = this.#listing('list')
    this.#service = readServiceLine(evidence, this.#columns)
    if (this.#service === null) this.#unreadLine(listing, evidence, ended, false)
    else listing.services.push(this.#service)
  }

  #readDestination(evidence: Evidence, ended: boolean): void {
    const destination = readDestinationLine(evidence, this.#columns)
    if (destination !== null && this.#service !== null) this.#service.destinations.push(destination)
    else this.#unreadLine(this.#listing('list'), evidence, ended, true)
  }

  /** A fragment without its header begins a listing too. */
  #listing(form: IpvsForm): IpvsListing {
    const last = this.#listings.at(-1)
    if (last !== undefined && this.#form === last.form && (form === 'save') === (last.form === 'save')) return last
    if (form !== 'save') this.#columns = FORWARD
    return this.#open(form)
  }

  /** What cannot be read of a service leaves the service in doubt; a service that cannot be read, the whole listing. */
  #unreadLine(listing: IpvsListing, evidence: Evidence, ended: boolean, ofService: boolean): void {
    if (ofService && this.#service !== null) this.#service.unread ??= evidence
    else listing.unread.push(evidence)
    this.#unparsed(evidence, ended, 'No service or real server of IPVS')
  }

  #unparsed({text}: Evidence, ended: boolean, what: string): void {
    if (ended) this.#diagnostics.add('UNPARSED_LINE', 'warning', `${what}: \`${text.slice(0, 100)}\`.`, this.#line)
    else this.#diagnostics.add('TRUNCATED', 'warning', 'The last line is cut.', this.#line)
  }
}

function detailsOf(first: string, second: string): Columns['details'] {
  if (first === 'Scheduler') return 'forward'
  if (first === 'Uthreshold') return 'thresholds'
  return first === 'Weight' && second === 'PersistConn' ? 'persistent connections' : 'counters'
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
