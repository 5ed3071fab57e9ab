import {parsePortRange} from '../../net/index.js'
import type {NatFlags, NftExpression, NftNat, NftPattern} from '../../model/index.js'
import type {ExpressionReader} from './expression.js'
import {parseLiteral} from './literal.js'
import type {Tokens} from './tokens.js'

type Operation = NftNat['operation']

/** A flag word list: `random,persistent` is three tokens. */
const FLAGS = /^(random|fully-random|persistent)$/

/**
 * `dnat [ip|ip6] [addr . port] [prefix] to SPEC [flags]`, `masquerade [to :PORTS] [flags]`, `redirect [to :PORTS] [flags]`.
 * SPEC: `10.0.0.1-10.0.0.4:80-90`, `[fd00::1]:80`, `:80`, or an expression (a map, mostly) and `:80` after it.
 * @returns null where it is not understood
 */
export function readNat(
  tokens: Tokens,
  operation: Operation,
  expressions: ExpressionReader,
  from: number,
): NftNat | null {
  let family: 'ip' | 'ip6' | null = null
  if (tokens.peek() === 'ip' || tokens.peek() === 'ip6') family = tokens.next() as 'ip' | 'ip6'
  if (tokens.take('addr')) {
    tokens.take('.')
    tokens.take('port')
  }
  const prefix = tokens.take('prefix')
  let address: NftExpression | null = null
  let ports: NftExpression | null = null
  if (tokens.take('to')) {
    const spec = readSpec(tokens, expressions)
    if (spec === null) return null
    ;({address, ports} = spec)
  }
  const flags = readFlags(tokens)
  return {kind: 'nat', operation, family, address, ports, prefix, flags, text: tokens.textFrom(from)}
}

/** What an address, or nothing, and a port that an expression gives begin with: the words of IPv6 addresses are none of these. */
const COMPUTED_PORT = /^(.*):(?:tcp|udp|udplite|sctp|dccp|th|ip6?|meta|ct|numgen|jhash|symhash)$/

interface Spec {
  readonly address: NftExpression | null
  readonly ports: NftExpression | null
}

/** What `to` leads to. @returns null where it is not understood */
export function readSpec(tokens: Tokens, expressions: ExpressionReader): Spec | null {
  // 10.0.0.1:tcp dport map { … }, :numgen …
  const computed = COMPUTED_PORT.exec(tokens.peek())
  if (computed !== null) return readComputed(tokens, expressions, computed[1] as string)
  const literal = splitSpec(tokens.peek())
  if (literal !== null) {
    tokens.next()
    return literal
  }
  const address = expressions.readAssigned(['address', 'port'])
  if (address === null) return null
  if (!tokens.peek().startsWith(':')) return {address, ports: null}
  const ports = readPorts(tokens.next().slice(1))
  return ports === null ? null : {address, ports}
}

/** The port is an expression. @param host before the colon; empty: none */
function readComputed(tokens: Tokens, expressions: ExpressionReader, host: string): Spec | null {
  tokens.splitNext(host.length + 1)
  tokens.next()
  const pattern = host === '' ? null : parseLiteral(host, 'address')
  const ports = expressions.readAssigned(['port'])
  if (ports === null || pattern?.kind === 'unknown') return null
  return {address: pattern === null ? null : literalOf(pattern, host), ports}
}

/** @returns null where the word is no literal */
function splitSpec(word: string): Spec | null {
  if (word.startsWith(':')) {
    const ports = readPorts(word.slice(1))
    return ports === null ? null : {address: null, ports}
  }
  //             [fd00::1]-[fd00::4] or 10.0.0.1-10.0.0.4   :80-90
  const found = /^(\[[^\]]+\](?:-\[[^\]]+\])?|\d+\.[\d.]+(?:-[\d.]+)?):([\d-]+)$/.exec(word)
  const [, host = word, portText = null] = found ?? []
  const pattern = parseLiteral(host, 'address')
  const ports = portText === null ? null : readPorts(portText)
  if (pattern.kind === 'unknown' || (portText !== null && ports === null)) return null
  return {address: literalOf(pattern, host), ports}
}

function readPorts(text: string): NftExpression | null {
  const range = parsePortRange(text, '-')
  return range === null ? null : literalOf({kind: 'range', ...range}, text)
}

function literalOf(pattern: NftPattern, text: string): NftExpression {
  return {kind: 'literal', pattern, text}
}

function readFlags(tokens: Tokens): NatFlags {
  const found = new Set<string>()
  while (FLAGS.test(tokens.peek())) {
    found.add(tokens.next())
    tokens.take(',')
  }
  return {random: found.has('random'), fullyRandom: found.has('fully-random'), persistent: found.has('persistent')}
}
