import {execFileSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {readPacked} from '../../src/capture/archive/readPacked.js'
import {Readable} from 'node:stream'
import {
  CAPTURE_COMMANDS,
  type Capture,
  type CapturedDocument,
  captureScript,
  decodeText,
  DEFAULT_LIMITS,
  type Limits,
  plainDocument,
} from '../../src/capture/index.js'
import {readText} from '../../src/capture/read/readText.js'
import {entriesOf, parseKnownHosts} from '../../src/capture/ssh/knownHosts.js'
import {explain, parseFlowLine} from '../../src/explain/index.js'
import type {IptablesRuleset, NftRuleset, NodeState, Parsed, SourceText} from '../../src/model/index.js'
import {nodeOf} from '../../src/node/index.js'
import * as parse from '../../src/parse/index.js'

/** What is fed with damaged input, and with what: documents as Latin-1 text, a character a byte. */
export interface Target {
  readonly name: string
  readonly seeds: readonly string[]
  /** How often it is fed, compared with others: what reads everything takes a hundred times as long as one parser. */
  readonly weight: number
  /** Packs a damaged text before it is fed: damage inside of an intact wrapping goes deeper. */
  readonly wrap?: (text: string) => string
  /**
   * Reads the input. Throws where it should not; an InputError is an answer.
   * @returns what was read, for `use`
   */
  readonly feed: (bytes: Buffer) => unknown
  /** Asks what was read for an answer. How long that takes depends on the rules, not on how they are read. */
  readonly use?: (read: unknown) => void
}

/** Longer documents are cut into windows of so many bytes: a million inputs must end some time. */
const WINDOW = 4000

const FLOW = parseFlowLine('{"src":"192.168.7.62","dst":"10.100.0.10","proto":"udp","sport":4000,"dport":53}')

/** All that reads what others wrote. */
export function fuzzTargets(): readonly Target[] {
  return [...parsers(), ...readers(), ...archives()]
}

const IPVS_LISTING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.100.0.1:443 rr persistent 10800 mask 255.255.255.0
  -> 10.0.1.9:6443                Masq    1      3          12
FWM  8 rr
  -> [2001:db8::9]:0              Tunnel  1      0          0
IPVS connection entries
pro expire state       source             virtual            destination
TCP 14:57  ESTABLISHED 10.0.3.40:39888    10.100.0.1:443     10.0.1.9:6443
TCP 00:01  TIME_WAIT   [2001:db8::1]:9    [fd00:100::1]:443  [2001:db8::9]:443
`
const IPVS_PROC = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A640001:01BB rr persistent 10800 FFFFFF00
  -> 0A000109:192B      Masq    1      3          12
TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:01BB rr persistent 10800 00000080
  -> [2001:0db8:0000:0000:0000:0000:0000:0009]:0000      Masq    1      0          0
Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP 0A000328 9BD0 0A640001 01BB 0A000109 192B ESTABLISHED     897
`

const FILES = readdirSync('fixtures', {recursive: true, encoding: 'utf8'}).sort()

function parsers(): Target[] {
  return [
    parser('ip rule', /^formats\/ip-.*rule|^net410\/ip-rule/, source => parse.parseIpRule(source, 4)),
    parser('ip -6 rule', /^formats\/ip-.*-6_rule/, source => parse.parseIpRule(source, 6)),
    parser('ip route', /^formats\/ip-.*route|^formats\/busybox.*route|^net410\/ip-route/, source =>
      parse.parseIpRoute(source),
    ),
    parser('ip addr', /^formats\/.*addr/, parse.parseIpAddr),
    parser('ip link', /^formats\/.*link/, parse.parseIpLink),
    parser('ip neigh, arp', /^formats\/.*(neigh|arp)/, parse.parseNeighbours),
    parser('ifconfig', /^formats\/.*ifconfig/, parse.parseIfconfig),
    parser('route -n', /^formats\/.*(route_-|netstat)/, parse.parseRouteN),
    parser('/proc/net/route', /proc-net-route/, parse.parseProcRoute),
    parser('/proc/net/ipv6_route', /proc-net-ipv6_route/, parse.parseProcIpv6Route),
    parser('/proc/net/if_inet6', /proc-net-if_inet6/, parse.parseIfInet6),
    parser('/proc/net/fib_trie', /proc-net-fib_trie/, parse.parseFibTrie),
    parser('rt_tables', /named-tables/, parse.parseRtTables),
    parser('sysctl', /sysctl/, parse.parseSysctl),
    parser('conntrack', /^conntrack\/.*txt/, parse.parseConntrack),
    {
      ...parser('ipvsadm, /proc/net/ip_vs', /^ipvs\/ipvsadm/, parse.parseIpvs),
      seeds: [...seedsFrom(/^ipvs\/ipvsadm/), IPVS_LISTING, IPVS_PROC],
    },
    parser('ipset', /^ipset\/.*txt|ipset-save/, parse.parseIpset),
    parser('ipamd enis', /^ipamd\/enis|ipamd-enis/, parse.parseIpamdEnis),
    parser('ipamd pods', /ipamd-pods|^ipamd\/pods/, parse.parseIpamdPods),
    parser('ipamd checkpoint', /^ipamd\/ipam/, parse.parseIpamdCheckpoint),
    parser('ipamd settings', /^ipamd\/pods|ipamd-enis/, parse.parseIpamdEnvironment),
    parser('nft', /^nft\/statements|nft-ruleset/, parse.parseNftRuleset),
    parser('iptables-save', /^(net410|services|vpc-cni-1\.23|iptables)\/.*-save.*\.txt$|extensions/, source =>
      parse.parseIptablesSave(source, {family: 4}),
    ),
    parser('ip6tables-save', /ip6tables-save/, source => parse.parseIptablesSave(source, {family: 6})),
    parser('iptables -S', /^iptables\/iptables-S/, source =>
      parse.parseIptablesSave(source, {family: 4, table: 'nat'}),
    ),
    parser('iptables -nvL', /^iptables\/iptables-nvL/, source =>
      parse.parseIptablesList(source, {family: 4, table: 'nat'}),
    ),
  ]
}

function parser(name: string, pattern: RegExp, run: (source: SourceText) => Parsed<unknown>): Target {
  const feed = (bytes: Buffer): void => {
    const text = decodeText(bytes)?.text
    if (text !== undefined) useParsed(run({name: 'fuzz', text}))
  }
  return {name, seeds: seedsFrom(pattern), weight: 4, feed}
}

/** Windows of the fixtures that a pattern names. */
function seedsFrom(pattern: RegExp): string[] {
  return FILES.filter(file => pattern.test(file) && /\.(txt|json)$/.test(file)).flatMap(file => {
    const text = readFileSync(path.join('fixtures', file), 'latin1')
    return Array.from({length: Math.min(8, Math.ceil(text.length / WINDOW))}, (_, at) =>
      text.slice(at * WINDOW, (at + 1) * WINDOW),
    )
  })
}

const NET410 = ['ip-rule.txt', 'ip-route.txt', 'iptables-save.txt', 'ipamd-enis.json', 'ipamd-pods.json']

/** From bytes to the answer: recognition, repair, assembly, evaluation. */
function readers(): Target[] {
  const whole = NET410.map(name => readFileSync(path.join('fixtures/net410', name), 'latin1'))
  const intact = NET410.map((name, at) => plainDocument(name, Buffer.from(whole[at] ?? '', 'latin1')))
  const any = seedsFrom(/^(net410|formats|services|nft|ipamd|ipset|conntrack|iptables)\//)
  return [
    {
      name: 'known_hosts',
      weight: 4,
      seeds: [
        '@revoked *,!node ssh-ed25519 AAAA\n|1|AAECAwQFBgcICQoLDA0ODxAREhM=|ehdZp32z1UJMOYH4Eis+crh8SUE= ssh-rsa AAAA x\n[a-?]:22 k v\n',
      ],
      feed: bytes => entriesOf(parseKnownHosts(bytes.toString(), 'f'), 'node', 22),
    },
    {
      name: 'a document of any kind',
      weight: 1,
      seeds: any,
      feed: bytes => readNode(captureOf([plainDocument('x.txt', bytes)])),
      use: explainOne,
    },
    {
      name: 'a whole node',
      weight: 1,
      seeds: whole.map(text => text.slice(0, 4 * WINDOW)),
      feed: bytes => {
        const at = bytes.length % intact.length
        return readNode(captureOf(intact.map((document, i) => (i === at ? {...document, bytes} : document))))
      },
      use: explainOne,
    },
    {
      name: 'output of the capture script',
      weight: 1,
      seeds: [capturedByScript()],
      feed: bytes => readNode(readText(plainDocument('stdin', bytes), '-')),
      use: explainOne,
    },
  ]
}

/** The same in every run: without the process id, time and host of this one. */
function capturedByScript(): string {
  return execFileSync('sh', ['-s'], {input: captureScript(SHORT), encoding: 'latin1'})
    .replace(/\d+-\d{9,}/g, '4711-1795161600')
    .replace(/ begin .*/, ' begin 0 2026-11-20T20:00:00Z node')
    .replace(/^( exit \d+) \d+$/gm, '$1 0')
}

/** Two commands that every machine has. */
const SHORT = CAPTURE_COMMANDS.filter(({document}) => document === 'hostname.txt' || document === 'rt-tables.txt')

function captureOf(documents: readonly CapturedDocument[]): Capture {
  return {origin: 'fuzz', hostname: null, capturedAt: null, documents, diagnostics: []}
}

/** Limits that a small archive can reach. */
const LIMITS: Limits = {...DEFAULT_LIMITS, totalBytes: 8 << 20, unpackedBytes: 32 << 20, documents: 50, members: 200}

/** What else differs from clone to clone. */
const FIXED = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--mode=644'] as const

/** Archives of a small capture as their own tools make them, damaged outside; and those that can be made here, damaged inside as well. */
function archives(): Target[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-fuzz-'))
  const packed = (name: string, ...command: [string, ...string[]]): string => {
    const file = path.join(folder, name)
    execFileSync(command[0], [...command.slice(1), file, 'net410'], {cwd: 'fixtures', stdio: 'ignore'})
    return readFileSync(file, 'latin1')
  }
  try {
    const tar = packed('x.tar', 'tar', ...FIXED, '-cf')
    const feed = async (bytes: Buffer): Promise<NodeState> => {
      const source = {origin: 'fuzz', name: 'x', wanted: () => true, limits: LIMITS}
      return readNode(await readPacked(Readable.from([bytes]), source))
    }
    const gzip = (text: string): string => gzipSync(Buffer.from(text, 'latin1'), {level: 1}).toString('latin1')
    return [
      {name: 'tar', weight: 1, seeds: [tar], feed},
      {name: 'tar in gzip', weight: 1, seeds: [tar], wrap: gzip, feed},
      {name: 'tar.gz', weight: 1, seeds: [packed('x.tar.gz', 'tar', ...FIXED, '-czf')], feed},
      {name: 'tar.xz', weight: 1, seeds: [packed('x.tar.xz', 'tar', ...FIXED, '-cJf')], feed},
      {name: 'tar.bz2', weight: 1, seeds: [packed('x.tar.bz2', 'tar', ...FIXED, '-cjf')], feed},
      {name: 'zip', weight: 1, seeds: [packed('x.zip', 'zip', '-qr')], feed},
    ]
  } finally {
    rmSync(folder, {recursive: true})
  }
}

/** Asks for everything that is parsed only when somebody asks. */
function useParsed({value, diagnostics}: Parsed<unknown>): void {
  const {tables} = (value ?? {}) as Partial<IptablesRuleset | NftRuleset>
  for (const table of tables?.values() ?? []) {
    for (const chain of table.chains.values()) {
      if ('sketch' in chain) for (let i = 0; i < chain.rules.length; i++) chain.sketch(i)
      touch(chain.rules)
    }
    if ('sets' in table) for (const set of table.sets.values()) touch(set.elements)
  }
  if (diagnostics.length > 0 && diagnostics.every(({text}) => text === ''))
    throw new Error('a diagnostic without a sentence')
}

/** Reading is what parses. */
function touch(list: readonly unknown[]): void {
  if (list.length < 0) throw new Error('a list of negative length')
}

function readNode(capture: Capture): NodeState {
  const node = nodeOf(capture)
  for (const value of [...node.iptables, ...(node.nft === null ? [] : [node.nft])]) useParsed({value, diagnostics: []})
  return node
}

function explainOne(node: unknown): void {
  explain(node as NodeState, [FLOW])
}
