import type {NftExpression, NftReject, NftStatement, SourceRef} from '../../model/index.js'
import {ExpressionReader} from './expression.js'
import {readFwd} from './fwd.js'
import {MatchReader} from './match.js'
import {readNat} from './nat.js'
import type {Tokens} from './tokens.js'
import {readTproxy} from './tproxy.js'
import {readVerdict} from './verdict.js'

/** Targets of `… set VALUE` on which no answer of ours depends. */
const IRRELEVANT =
  /^(meta (priority|nftrace|secmark|broute|cpu)|ct (event|label|secmark)|tcp option .*|(ip|tcp|udp|icmp|icmpv6) checksum)$/

/** What a statement about TCP's options stands for: other packets end the rule. */
const TCP_HEADER: NftExpression = {kind: 'payload', protocol: 'tcp', field: 'flags', text: 'tcp flags'}

/** Reads the statements of a rule, one after the other. What the grammar does not know is kept verbatim, as the unknown rest of the rule. */
export class StatementReader {
  readonly #tokens: Tokens
  readonly #expressions: ExpressionReader
  readonly #matches: MatchReader
  readonly #line: number

  constructor(tokens: Tokens, source: SourceRef) {
    this.#tokens = tokens
    this.#line = source.line
    this.#expressions = new ExpressionReader(tokens, source)
    this.#matches = new MatchReader(tokens, source, this.#expressions)
  }

  read(): NftStatement {
    const from = this.#tokens.position
    const statement = this.#readKnown(from)
    if (statement !== null) return statement
    this.#tokens.back(from)
    this.#tokens.skipToEnd()
    return {kind: 'unknown', text: this.#tokens.textFrom(from)}
  }

  #readKnown(from: number): NftStatement | null {
    const tokens = this.#tokens
    const verdict = readVerdict(tokens, this.#line)
    if (verdict !== null) {
      return verdict.kind === 'queue'
        ? {kind: 'opaque', name: 'queue', text: tokens.textFrom(from)}
        : {kind: 'verdict', verdict}
    }
    const word = tokens.peek()
    switch (word) {
      case 'counter':
        tokens.next()
        if (tokens.take('name')) return {kind: 'continue', name: word, ...this.#readObject()}
        skipPairs(tokens, /^(packets|bytes)$/)
        return {kind: 'continue', name: word}
      case 'log':
        tokens.next()
        return this.#readLog()
      case 'last':
        tokens.next()
        if (tokens.take('used')) tokens.next()
        return {kind: 'continue', name: word}
      case 'limit':
      case 'quota':
        tokens.next()
        return this.#readLimit(from)
      case 'notrack':
        tokens.next()
        return {kind: 'notrack'}
      case 'reject':
        tokens.next()
        return this.#readReject(from)
      case 'dnat':
      case 'snat':
      case 'masquerade':
      case 'redirect':
        tokens.next()
        return readNat(tokens, word, this.#expressions, from)
      case 'add':
      case 'update':
      case 'delete':
        tokens.next()
        return this.#readUpdate(word, from)
      case 'meter':
        return this.#readMeter(from)
      case 'dup':
        tokens.next()
        return this.#readDup()
      case 'flow': // add @flowtable
        for (let i = 0; i < 3; i++) tokens.next()
        return {kind: word, text: tokens.textFrom(from)}
      case 'reset': // tcp option NAME
        for (let i = 0; i < 4; i++) tokens.next()
        return {kind: 'continue', name: word, needs: TCP_HEADER}
      case 'xt':
        return this.#readCompat(from)
      case 'fwd':
        tokens.next()
        return readFwd(tokens, this.#expressions, from)
      case 'tproxy':
        tokens.next()
        return readTproxy(tokens, this.#expressions, from)
      case 'synproxy':
        tokens.next()
        return this.#readSynproxy(from)
    }
    if (word === 'ct' && /^(helper|timeout|expectation)$/.test(tokens.peek(1)) && tokens.peek(2) === 'set') {
      const object = tokens.peek(1)
      for (let i = 0; i < 3; i++) tokens.next()
      const needs = this.#readObject()
      // whether there is room for another one, and whether it can be expected, no listing tells
      if (object === 'expectation') return {kind: 'condition', text: tokens.textFrom(from)}
      return {kind: 'continue', name: 'ct', ...needs}
    }
    if (word === 'ct' && tokens.peek(1) === 'count') {
      for (let i = 0; i < 3; i++) if (tokens.next() === 'over') tokens.next()
      return {kind: 'condition', text: tokens.textFrom(from)}
    }
    return this.#readExpression(from)
  }

  /** A comparison, an assignment, or a look-up in a verdict map. */
  #readExpression(from: number): NftStatement | null {
    const tokens = this.#tokens
    const key = this.#expressions.readKey()
    const [first] = key ?? []
    if (key === null || first === undefined) return null
    const types = key.map(({type}) => type)
    if (tokens.take('vmap')) {
      const set = this.#expressions.readSetUse(types, null)
      const expressions = key.map(({expression}) => expression)
      return set === null ? null : {kind: 'vmap', key: expressions, set, text: tokens.textFrom(from)}
    }
    if (!tokens.take('set')) return this.#matches.read(key, from)
    if (IRRELEVANT.test(first.expression.text)) {
      const value = tokens.position
      if (this.#expressions.readAssigned([first.type]) === null) {
        tokens.back(value)
        do tokens.next()
        while (tokens.take(','))
      }
      const needs = headerOf(first.expression)
      return {kind: 'continue', name: first.expression.text, ...(needs === null ? {} : {needs})}
    }
    // host is what it is; to be taken for anybody else's makes the node drop what it would forward
    if (first.expression.text === 'meta pkttype') {
      const host = /^(host|unicast)$/.test(tokens.next())
      const text = tokens.textFrom(from)
      return host ? {kind: 'continue', name: first.expression.text} : {kind: 'opaque', name: 'meta pkttype', text}
    }
    const value = this.#expressions.readAssigned([first.type])
    return value === null ? null : {kind: 'assign', target: first.expression, value, text: tokens.textFrom(from)}
  }

  /** The name of a stateful object of the table, or the map that gives it (`tcp dport map { 80 : "x" }`): a rule ends where that has none for the packet. */
  #readObject(): {readonly needs?: NftExpression} {
    const tokens = this.#tokens
    const from = tokens.position
    const key = this.#expressions.readKey()
    if (key !== null && tokens.take('map')) {
      const types = key.map(({type}) => type)
      const set = this.#expressions.readSetUse(types, ['name'])
      if (set === null) return {}
      return {needs: {kind: 'map', key: key.map(({expression}) => expression), set, text: tokens.textFrom(from)}}
    }
    tokens.back(from)
    tokens.next()
    return {}
  }

  /** `dup to 10.0.0.1 device "eth0"`: a copy, which is a packet of its own. */
  #readDup(): NftStatement | null {
    const tokens = this.#tokens
    if (!tokens.take('to')) return null
    const to = this.#expressions.readAssigned(['address'])
    if (to === null) return null
    if (tokens.take('device') && this.#expressions.readAssigned(['name']) === null) return null
    return {kind: 'continue', name: 'dup', ...(to.kind === 'map' ? {needs: to} : {})}
  }

  /** `synproxy mss 1460 wscale 7 timestamp sack-perm`, `synproxy name "x"` */
  #readSynproxy(from: number): NftStatement {
    const tokens = this.#tokens
    if (tokens.take('name')) this.#readObject()
    skipPairs(tokens, /^(mss|wscale)$/)
    while (/^(timestamp|sack-perm)$/.test(tokens.peek())) tokens.next()
    return {kind: 'synproxy', text: tokens.textFrom(from)}
  }

  /** `meter NAME size 1024 { ip saddr limit rate 10/second }`, as versions before 1.0 print an `add` to a set of the rule's own. */
  #readMeter(from: number): NftStatement | null {
    const tokens = this.#tokens
    while (!tokens.done && tokens.peek() !== '{') tokens.next()
    while (!tokens.done && tokens.next() !== '}');
    return {kind: 'condition', text: tokens.textFrom(from)}
  }

  /** `log prefix "…" group 1 level debug flags tcp sequence,options` */
  #readLog(): NftStatement {
    const tokens = this.#tokens
    while (/^(prefix|level|group|snaplen|queue-threshold|flags)$/.test(tokens.peek())) {
      const option = tokens.next()
      tokens.next()
      if (option === 'flags') while (/^(sequence|options|,)$/.test(tokens.peek())) tokens.next()
    }
    return {kind: 'continue', name: 'log'}
  }

  /** `limit rate over 10 mbytes/second burst 5 packets`, `limit name "x"`, `quota until 10 mbytes used 3 bytes` */
  #readLimit(from: number): NftStatement {
    const tokens = this.#tokens
    if (tokens.take('name')) {
      this.#readObject()
      return {kind: 'condition', text: tokens.textFrom(from)}
    }
    const words = /^(rate|over|until|burst|used|packets|bytes|kbytes|mbytes|gbytes|\d+|\d*[a-z]*\/[a-z]+|".*")$/
    while (words.test(tokens.peek())) tokens.next()
    return {kind: 'condition', text: tokens.textFrom(from)}
  }

  /** `reject`, `reject with icmp port-unreachable` (`icmp type …` before 1.0), `reject with tcp reset` */
  #readReject(from: number): NftStatement | null {
    const tokens = this.#tokens
    let answer: NftReject = {kind: 'default'}
    if (tokens.take('with')) {
      const protocol = tokens.next()
      tokens.take('type')
      const code = tokens.next()
      if (protocol === 'tcp') answer = {kind: 'tcp-reset'}
      else if (protocol === 'icmp' || protocol === 'icmpv6' || protocol === 'icmpx') answer = {kind: protocol, code}
      else return null
    }
    return {kind: 'reject', with: answer, text: tokens.textFrom(from)}
  }

  /** `update @clients { ip saddr . meta l4proto timeout 3s limit rate over 5/second }` */
  #readUpdate(operation: 'add' | 'update' | 'delete', from: number): NftStatement | null {
    const tokens = this.#tokens
    const set = tokens.next()
    if (!set.startsWith('@') || !tokens.take('{')) return null
    const key = this.#expressions.readKey()
    if (key === null) return null
    let conditional = false
    // of a map, what the key stands for comes behind a colon, and may be the result of another map
    for (let depth = 1; depth > 0 && !tokens.done;) {
      const word = tokens.next()
      depth += word === '{' ? 1 : word === '}' ? -1 : 0
      if (/^(limit|quota|ct)$/.test(word) && !conditional) conditional = word !== 'ct' || tokens.peek() === 'count'
    }
    const expressions = key.map(({expression}) => expression)
    return {
      kind: 'set-update',
      operation,
      set: set.slice(1),
      key: expressions,
      conditional,
      text: tokens.textFrom(from),
    }
  }

  /** `xt match "conntrack"`, `xt target DNAT`: names without their arguments. */
  #readCompat(from: number): NftStatement {
    const tokens = this.#tokens
    tokens.next()
    const kind = tokens.next()
    const name = tokens.next()
    const text = tokens.textFrom(from)
    return kind === 'match' ? {kind: 'condition', text} : {kind: 'opaque', name, text}
  }
}

/** The header that is written into; null: none, but of metadata. */
function headerOf(target: NftExpression): NftExpression | null {
  if (target.kind === 'payload') return target
  return target.text.startsWith('tcp option ') ? TCP_HEADER : null
}

function skipPairs(tokens: Tokens, name: RegExp): void {
  while (name.test(tokens.peek())) {
    tokens.next()
    tokens.next()
  }
}
