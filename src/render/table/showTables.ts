import type {
  JsonChainRow,
  JsonChainRuleRow,
  JsonEniRow,
  JsonMarkRow,
  JsonNeighbourRow,
  JsonNodeFact,
  JsonPodRow,
  JsonRouteRow,
  JsonRuleRow,
  JsonServiceRow,
  JsonSource,
} from '../../model/index.js'
import type {Table} from './renderTable.js'
import {endpointAddress, frontendText, percent} from './serviceWords.js'

const at = (source: JsonSource | null) => (source === null ? '' : `${source.document}:${source.line}`)
const ip = (family: 4 | 6 | null) => (family === null ? 'both' : `IPv${family}`)

export function ruleTable(rows: readonly JsonRuleRow[]): Table {
  return {
    head: ['family', 'priority', 'selector', 'action', 'line'],
    rows: rows.map(row => [ip(row.family), String(row.priority), row.selector, row.action, at(row.source)]),
  }
}

export function routeTable(rows: readonly JsonRouteRow[]): Table {
  const each = (row: JsonRouteRow, tell: (hop: JsonRouteRow['nextHops'][number]) => string) =>
    row.nextHops.map(tell).join(', ')
  return {
    head: ['family', 'table', 'type', 'destination', 'via', 'dev', 'weight', 'src', 'metric', 'line'],
    rows: rows.map(row => [
      ip(row.family),
      row.table,
      row.type === 'unicast' ? '' : row.type,
      row.destination,
      each(row, hop => hop.gateway ?? ''),
      each(row, hop => hop.interface ?? ''),
      row.nextHops.length > 1 ? each(row, hop => String(hop.weight)) : '',
      row.preferredSource ?? '',
      row.metric === 0 ? '' : String(row.metric),
      at(row.source),
    ]),
  }
}

/** `nft` alone is native nftables. */
const BACKENDS: Readonly<Record<JsonChainRow['backend'], string>> = {
  'iptables-legacy': 'legacy',
  'iptables-nft': 'iptables-nft',
  nft: 'nft',
  ipvs: 'ipvs',
  kernel: 'kernel',
}

export function chainTable(rows: readonly JsonChainRow[]): Table {
  return {
    head: ['family', 'hook', '#', 'priority', 'type', 'backend', 'table', 'chain', 'policy', 'rules', 'note', 'line'],
    rows: rows.map(row => [
      ip(row.family),
      row.hook ?? '',
      row.position === null ? '' : String(row.position),
      row.priority === null ? '' : String(row.priority),
      row.type ?? '',
      BACKENDS[row.backend],
      row.tableFamily === null ? row.table : `${row.tableFamily} ${row.table}`,
      row.chain,
      row.policy ?? '',
      row.rules === null ? '' : String(row.rules),
      row.note ?? '',
      at(row.source),
    ]),
  }
}

export function chainRuleTable(rows: readonly JsonChainRuleRow[]): Table {
  return {
    head: ['family', 'table', 'rule', 'text', 'packets', 'line'],
    rows: rows.map(row => [
      ip(row.family),
      row.table,
      String(row.rule),
      row.text,
      row.packets === null ? '' : String(row.packets),
      at(row.source),
    ]),
  }
}

export function neighbourTable(rows: readonly JsonNeighbourRow[]): Table {
  return {
    head: ['address', 'interface', 'mac', 'state', 'line'],
    rows: rows.map(row => [row.address, row.interface ?? '', row.mac ?? '', row.state, at(row.source)]),
  }
}

export function podTable(rows: readonly JsonPodRow[]): Table {
  return {
    head: ['pod', 'ip', 'interface', 'eni', 'table', 'line'],
    rows: rows.map(row => [
      row.name === null ? '' : `${row.namespace ?? '?'}/${row.name}`,
      row.ip,
      row.interface ?? '',
      row.eni ?? '',
      row.table ?? 'main',
      at(row.source),
    ]),
  }
}

export function eniTable(rows: readonly JsonEniRow[]): Table {
  return {
    head: ['eni', 'device', 'role', 'interface', 'table', 'addresses', 'in use', 'line'],
    rows: rows.map(row => [
      row.id ?? '',
      row.deviceNumber === null ? '' : String(row.deviceNumber),
      row.role,
      row.interface ?? '',
      row.table ?? '',
      String(row.addresses),
      String(row.assigned),
      at(row.source),
    ]),
  }
}

export function serviceTable(rows: readonly JsonServiceRow[]): Table {
  return {
    head: ['service', 'named by', 'proto', 'reached at', 'chain', 'for', 'endpoint', 'share', 'pod', 'line'],
    rows: rows.map(row => [
      row.service,
      row.namedBy === 'comment' ? '' : row.namedBy,
      row.protocol,
      row.frontends.map(frontendText).join(', '),
      row.chain ?? row.scheduler ?? '',
      row.reach === 'all' ? '' : 'this node',
      row.endpoint === null ? (row.refusal?.why ?? 'none') : endpointAddress(row.endpoint),
      row.endpoint === null ? '' : shareText(row.endpoint),
      row.endpoint === null ? '' : (row.endpoint.pod ?? (row.endpoint.local === true ? 'on this node' : '')),
      at(row.source),
    ]),
  }
}

function shareText({number, of, probability}: NonNullable<JsonServiceRow['endpoint']>): string {
  return probability === null ? `${number} of ${of}` : `${number} of ${of}, ${percent(probability)}`
}

export function markTable(rows: readonly JsonMarkRow[]): Table {
  return {
    head: ['mark', 'does', 'hook', 'where', 'by', 'line'],
    rows: rows.map(row => [
      row.mark,
      verbText(row),
      row.hooks.length === 0 ? 'nowhere' : row.hooks.join(', '),
      placeText(row),
      row.owner ?? '',
      at(row.source),
    ]),
  }
}

/** `sets 0x4000/0x4000`, `tests connection 0x80/0x80`, `restores, clears all else`. */
function verbText({does, of, bits, negated, clearsOthers, mark}: JsonMarkRow): string {
  const what = [does, ...(of === 'connection' ? ['connection'] : []), ...(negated ? ['not'] : [])].join(' ')
  const which = bits === `${mark}/${mark}` || does === 'saves' || does === 'restores' ? '' : ` ${bits}`
  return `${what}${which}${clearsOthers ? ', clears all else' : ''}`
}

function placeText({backend, table, chain, rule, families}: JsonMarkRow): string {
  const six = families.includes(4) ? '' : 'IPv6 '
  if (table === null) return `${six}ip rule`
  return `${six}${(backend ?? '').replace('iptables-', '')} ${table} ${chain ?? ''} ${rule}`
}

export function nodeFactTable(rows: readonly JsonNodeFact[]): Table {
  return {
    head: ['fact', 'value', 'by', 'line'],
    rows: rows.map(({fact, value, because, evidence}) => [fact, value, because ?? '', at(evidence[0] ?? null)]),
  }
}
