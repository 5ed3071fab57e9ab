import type {NftHook} from '../../../../src/model/index.js'
import type {Context} from '../context.js'
import {nftMatches} from './nftMatches.js'
import {type Aim, type Aimed, type NftPlace, onlyIn} from './nftPlace.js'
import {nftSets} from './nftSets.js'
import {nftActions, nftEnd} from './nftStatements.js'

/** `nft -f` input, a command a line, and what the rules in it are about. */
export interface NftTables {
  readonly lines: readonly string[]
  readonly aims: readonly Aim[]
}

/** The chain that verdict maps lead to. */
const LEAF = 'leaf'

interface RandomChain {
  readonly name: string
  readonly place: NftPlace
  /** Empty for a regular chain. */
  readonly hook: string
}

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const
const PRIORITIES = [
  ...[
    'raw',
    'raw + 10',
    'mangle',
    'mangle - 5',
    'mangle + 1',
    'dstnat',
    'dstnat + 10',
    'dstnat - 10',
    'filter',
    'filter',
  ],
  ...[
    'filter - 5',
    'filter + 10',
    'security',
    'srcnat',
    'srcnat + 1',
    '-420',
    '-290',
    '-201',
    '-200',
    '-199',
    '-95',
    '50',
    '150',
    '300',
  ],
]
/** nft has names for the hooks of destination and source NAT only where they belong. */
const NAT_PRIORITIES: Readonly<Partial<Record<NftHook, readonly string[]>>> = {
  prerouting: ['dstnat', 'dstnat', 'dstnat + 10', 'dstnat - 10', '-150', '-50', '0', '200'],
  output: ['-100', '-100', '-90', '-110', '-150', '0', '200'],
  input: ['100', '0', '-100', '200'],
  postrouting: ['srcnat', 'srcnat', 'srcnat + 10', '99', '0', '300'],
}

/** Tables with several base chains a hook. Sense is left out. */
export function nftTables(context: Context): NftTables {
  const {dice, world} = context
  const own = world.family === 4 ? 'ip' : 'ip6'
  const families: NftPlace['family'][] = [dice.pick([own, 'inet'] as const), dice.pick([own, 'inet'] as const)]
  if (dice.chance(0.5)) families.push('netdev')
  const tables = families.map((family, i) => randomTable(context, family, `t${i}`))
  return {
    lines: [...(dice.chance(0.2) ? OTHERS : []), ...tables.flatMap(table => table.lines)],
    aims: tables.flatMap(table => table.aims),
  }
}

/** What no packet that is routed meets. */
const OTHERS = [
  'add table bridge b',
  'add chain bridge b forward { type filter hook forward priority 0; policy drop; }',
  'add table arp a',
  'add chain arp a in { type filter hook input priority 0; policy accept; }',
  'add rule arp a in arp operation reply counter',
  'add table inet asleep { flags dormant; }',
  'add chain inet asleep forward { type filter hook forward priority 0; policy drop; }',
]

function randomTable(context: Context, family: NftPlace['family'], name: string): NftTables {
  const {dice} = context
  const table = `${family} ${name}`
  const chains =
    family === 'netdev' ? deviceChains(context) : [...baseChains(context, family), ...regularChains(family)]
  const aims: Aim[] = []
  const rules = chains.flatMap(({name: chain, place}, i) => {
    // only to chains further down, so that there is no loop, and only where the hooks allow the same statements
    const later = chains
      .slice(i + 1)
      .filter(other => other.hook === '' && suits(place, other.place))
      .map(other => other.name)
    return Array.from({length: dice.between(1, 4)}, () => {
      const rule = randomRule(context, place, later)
      aims.push(rule.aim)
      return `add rule ${table} ${chain} ${rule.text}`
    })
  })
  return {
    lines: [
      `add table ${table}`,
      ...chains.map(chain => `add chain ${table} ${chain.name}${chain.hook}`),
      ...OBJECTS.map(object => `add ${object.replace('TABLE', table)}`),
      ...nftSets(context, table, [LEAF]),
      ...rules,
    ],
    aims,
  }
}

/** Named objects of each table: rules count by them, or ask them. */
const OBJECTS = [
  'counter TABLE c-named',
  'limit TABLE l-named { rate 10000/second ; }',
  'quota TABLE q-named { over 10 mbytes ; }',
]

/** Where frames come in, and where they leave: before and behind all that IP hooks in. */
function deviceChains({dice, world}: Context): RandomChain[] {
  const names = world.links.map(({name}) => name).filter(name => name !== 'docker0')
  const base = (hook: 'ingress' | 'egress', i: number): RandomChain => {
    const devices = dice.some(names, dice.between(1, 3)).map(name => `"${name}"`)
    const where = devices.length === 1 ? `device ${devices[0]}` : `devices = { ${devices.join(', ')} }`
    return {
      name: `${hook}-${i}`,
      place: {family: 'netdev', type: 'filter', hooks: new Set([hook])},
      hook: ` { type filter hook ${hook} ${where} priority ${dice.pick(['filter', '-10', '10'])}; policy accept; }`,
    }
  }
  return [
    base('ingress', 0),
    base('ingress', 1),
    base('egress', 0),
    {name: LEAF, place: {family: 'netdev', type: 'filter', hooks: new Set<NftHook>(['ingress', 'egress'])}, hook: ''},
  ]
}

/** Chains for filtering are for nat chains too; those with NAT in them are not for filter chains. */
function suits(from: NftPlace, to: NftPlace): boolean {
  return (to.type !== 'nat' || from.type === 'nat') && onlyIn(from, ...to.hooks)
}

function baseChains({dice}: Context, family: NftPlace['family']): RandomChain[] {
  const count = dice.between(4, 8)
  const base = (type: NftPlace['type'], hook: NftHook, priority: string, i: number): RandomChain => {
    const policy = type === 'filter' && dice.chance(0.03) ? 'drop' : 'accept'
    return {
      name: `${type}-${hook}-${i}`,
      place: {family, type, hooks: new Set([hook])},
      hook: ` { type ${type} hook ${hook} priority ${priority}; policy ${policy}; }`,
    }
  }
  return Array.from({length: count}, (_, i) => {
    const type = dice.weighted([
      [5, 'filter' as const],
      [4, 'nat' as const],
      [1, 'route' as const],
    ])
    if (type === 'route') return base(type, 'output', dice.pick(['mangle', 'filter', '-90', '20', 'raw']), i)
    const hook =
      type === 'nat'
        ? dice.pick(['prerouting', 'prerouting', 'output', 'input', 'postrouting', 'postrouting'] as const)
        : dice.pick(HOOKS)
    const named = NAT_PRIORITIES[hook] ?? []
    return base(type, hook, fitting(hook, type === 'nat' ? dice.pick(named) : dice.pick(PRIORITIES)), i)
  })
}

/** `dstnat` and `srcnat` are names in one hook each. */
function fitting(hook: NftHook, priority: string): string {
  const [name = '', sign = '+', offset = '0'] = priority.split(' ')
  const base =
    name === 'dstnat' && hook !== 'prerouting' ? -100 : name === 'srcnat' && hook !== 'postrouting' ? 100 : null
  return base === null ? priority : String(base + Number(`${sign}${offset}`))
}

function regularChains(family: NftPlace['family']): RandomChain[] {
  const chain = (name: string, type: NftPlace['type'], hooks: readonly NftHook[]): RandomChain => ({
    name,
    place: {family, type, hooks: new Set(hooks)},
    hook: '',
  })
  return [
    chain('dst-0', 'nat', ['prerouting', 'output']),
    chain('dst-1', 'nat', ['prerouting', 'output']),
    chain('src-0', 'nat', ['postrouting']),
    chain('flt-0', 'filter', ['prerouting', 'input', 'forward', 'output']),
    chain('any-0', 'filter', HOOKS),
    chain(LEAF, 'filter', HOOKS),
  ]
}

function randomRule(context: Context, place: NftPlace, later: readonly string[]): Aimed {
  const {dice, world} = context
  const {parts, protocol} = nftMatches(context, place)
  const end = nftEnd(
    context,
    place,
    protocol,
    later,
    parts.some(({text}) => text.startsWith('icmp')),
  )
  const all = [...parts]
  // what ends packets must be picky: the rest has to be reached
  if (/\b(drop|reject|queue)\b/.test(end)) {
    const src = dice.pick([...world.pods.map(pod => pod.address), ...world.remote])
    all.unshift({text: `${world.family === 4 ? 'ip' : 'ip6'} saddr ${src}`, aim: {src}})
    if (protocol === null) all.push({text: 'meta l4proto udp', aim: {proto: 'udp'}})
  }
  const actions = nftActions(context, place)
  const texts = all.map(part => part.text)
  // a comparison behind a statement: what was done stays done where it fails
  if (dice.chance(0.12) && texts.length > 0) actions.push(texts.pop() as string)
  const comment = dice.chance(0.1) ? `comment "${dice.pick(['plain', 'accept; drop', 'it is # not # handle 7'])}"` : ''
  const words = [...texts, ...actions, end].filter(text => text !== '')
  return {
    text: [words.length === 0 ? 'counter' : words.join(' '), comment].join(' ').trim(),
    aim: Object.assign({}, ...all.map(part => part.aim)) as Aim,
  }
}
