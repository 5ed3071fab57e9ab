import type {
  NftElement,
  NftExpression,
  NftPattern,
  NftReject,
  NftSetUse,
  NftStatement,
  NftVerdict,
} from '../../../src/model/index.js'
import {formatAddress, type Address, protocolName} from '../../../src/net/index.js'

type Nat = Extract<NftStatement, {kind: 'nat'}>

/** A statement as nft prints it: what the parser reads, the other way round. */
export function printStatement(statement: NftStatement): string {
  switch (statement.kind) {
    case 'match':
      return printMatch(statement)
    case 'vmap':
      return `${printKey(statement.key)} vmap ${printSet(statement.set, statement.key)}`
    case 'verdict':
      return printVerdict(statement.verdict)
    case 'assign':
      return `${printExpression(statement.target)} set ${printExpression(statement.value, statement.target)}`
    case 'nat':
      return printNat(statement)
    case 'reject':
      return printReject(statement.with)
    case 'set-update':
      return `${statement.operation} @${statement.set} { ${printKey(statement.key)}${statement.conditional ? ' limit rate 5/second' : ' timeout 1m'} }`
    case 'continue':
      return statement.name === 'log'
        ? 'log prefix "accept { " level debug flags ip options'
        : statement.name === 'counter'
          ? 'counter packets 5 bytes 3'
          : 'last used 5s'
    case 'notrack':
      return 'notrack'
    default:
      throw new Error(`${statement.kind} is not printed`)
  }
}

function printMatch({key, negated, set}: Extract<NftStatement, {kind: 'match'}>): string {
  const elements = set.kind === 'anonymous' ? set.elements : []
  const [only] = elements
  const right = elements.length === 1 && only !== undefined ? printElement(only, key) : printSet(set, key)
  return `${printKey(key)} ${negated ? '!= ' : ''}${right}`
}

function printKey(key: readonly NftExpression[]): string {
  return key.map(expression => printExpression(expression)).join(' . ')
}

/** @param typedBy whose type a literal has */
function printExpression(expression: NftExpression, typedBy?: NftExpression): string {
  switch (expression.kind) {
    case 'meta':
      return /^[io]if/.test(expression.key) ? expression.key : `meta ${expression.key}`
    case 'payload':
      return `${expression.protocol} ${expression.field}`
    case 'ct':
      return ['ct', expression.direction ?? '', expression.key].filter(Boolean).join(' ')
    case 'fib':
      return `fib ${[expression.of, expression.mark ? 'mark' : '', expression.device ?? ''].filter(Boolean).join(' . ')} ${expression.result}`
    case 'numgen':
      return `numgen ${expression.mode} mod ${expression.modulus}${expression.offset === 0 ? '' : ` offset ${expression.offset}`}`
    case 'hash': {
      const of = expression.of === null ? 'symhash' : `jhash ${printKey(expression.of)}`
      const seed = expression.seed === null ? '' : ` seed 0x${expression.seed.toString(16)}`
      return `${of} mod ${expression.modulus}${seed}${expression.offset === 0 ? '' : ` offset ${expression.offset}`}`
    }
    case 'binary':
      return `${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right, expression.left)}`
    case 'map':
      return `${printKey(expression.key)} map ${printSet(expression.set, expression.key, typedBy)}`
    case 'literal':
      return typedBy === undefined ? '?' : printPattern(expression.pattern, typedBy)
    case 'unknown':
      return expression.text
  }
}

function printSet(set: NftSetUse, key: readonly NftExpression[], data?: NftExpression): string {
  if (set.kind === 'named') return `@${set.name}`
  return `{ ${set.elements.map(element => printElement(element, key, data)).join(', ')} }`
}

function printElement(element: NftElement, key: readonly NftExpression[], data?: NftExpression): string {
  const left =
    element.key === null
      ? '*'
      : element.key.map((pattern, i) => printPattern(pattern, key[i] as NftExpression)).join(' . ')
  if (element.verdict !== null) return `${left} : ${printVerdict(element.verdict)}`
  if (element.data === null || data === undefined) return left
  return `${left} : ${element.data.map(pattern => printPattern(pattern, data)).join(' . ')}`
}

/** As what it is compared with demands. */
function printPattern(pattern: NftPattern, typedBy: NftExpression): string {
  switch (pattern.kind) {
    case 'value':
      return printValue(pattern.value, typedBy)
    case 'range':
      return `${printValue(pattern.min, typedBy)}-${printValue(pattern.max, typedBy)}`
    case 'wildcard':
      return `"${pattern.start}*"`
    case 'unknown':
      return pattern.text
  }
}

function printValue(value: number | bigint | string, typedBy: NftExpression): string {
  if (typeof value === 'string') return `"${value.endsWith('*') ? `${value.slice(0, -1)}\\*` : value}"`
  const name =
    'key' in typedBy && typeof typedBy.key === 'string' ? typedBy.key : 'field' in typedBy ? typedBy.field : ''
  if (/addr$/.test(name)) return formatAddress(value as Address)
  if (name === 'mark') return `0x${value.toString(16).padStart(8, '0')}`
  return name === 'l4proto' ? protocolName(Number(value)) : String(value)
}

function printVerdict(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind
}

const ADDRESS: NftExpression = {kind: 'payload', protocol: 'ip', field: 'daddr', text: ''}
const PORT: NftExpression = {kind: 'payload', protocol: 'tcp', field: 'dport', text: ''}

function printNat({operation, family, address, ports, flags}: Nat): string {
  const host = address === null ? '' : printExpression(address, ADDRESS)
  const at = ports === null ? '' : `:${printExpression(ports, PORT)}`
  const words = [
    flags.random ? 'random' : '',
    flags.fullyRandom ? 'fully-random' : '',
    flags.persistent ? 'persistent' : '',
  ]
  const spec = `${host}${at}`
  return [operation, family ?? '', spec === '' ? '' : `to ${spec}`, words.filter(Boolean).join(',')]
    .filter(Boolean)
    .join(' ')
}

function printReject(answer: NftReject): string {
  if (answer.kind === 'default') return 'reject'
  return answer.kind === 'tcp-reset' ? 'reject with tcp reset' : `reject with ${answer.kind} ${answer.code}`
}
