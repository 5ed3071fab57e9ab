/** JSON of nft, as JSON.parse gives it. */
export type Value = string | number | boolean | null | readonly Value[] | {readonly [key: string]: Value}

/** Words, and what nft prints of a port whose protocol it does not know: `0x50 [invalid type]`. */
const PLAIN = /^([\w.:/@*[\]%+-]+|0x[\da-f]+ \[invalid type\])$/

const OPERATORS = new Set(['|', '^', '&', '<<', '>>'])

export function isObject(value: Value | undefined): value is {readonly [key: string]: Value} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name that must be a string. */
export function nameText(value: Value | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
}

/** An expression of libnftables-json(5) as nft prints it in text; what is not known comes out as a word that the grammar does not know. */
export function expressionText(value: Value | undefined, nested = false): string {
  if (value === undefined || value === null) return '?'
  if (typeof value === 'boolean') return value ? 'exists' : 'missing'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return PLAIN.test(value) ? value : `"${value}"`
  if (!isObject(value)) return listText(value, nested)
  const [[kind, body] = ['?', null] as const] = Object.entries(value)
  if (OPERATORS.has(kind) && Array.isArray(body)) {
    const text = (body as readonly Value[]).map(part => expressionText(part, true)).join(` ${kind} `)
    return nested ? `(${text})` : text
  }
  return isObject(body) ? objectText(kind, body) : arrayText(kind, body)
}

/** Flags: `established,new`, and `(fin | syn)` as a mask. */
function listText(values: readonly Value[], nested: boolean): string {
  const words = values.map(value => expressionText(value))
  return nested ? `(${words.join(' | ')})` : words.join(',')
}

function arrayText(kind: string, body: Value): string {
  if (!Array.isArray(body)) return /^(accept|drop|return|continue)$/.test(kind) ? kind : `?${kind}`
  const parts = body as readonly Value[]
  switch (kind) {
    case 'concat':
      return parts.map(part => expressionText(part)).join(' . ')
    case 'range':
      return parts.map(part => expressionText(part)).join('-')
    case 'set':
      return `{ ${parts.map(elementText).join(', ')} }`
    default:
      return `?${kind}`
  }
}

/** `10.0.0.1 . 80 timeout 3600 : goto x`; the keys and values of maps are pairs. */
export function elementText(value: Value): string {
  if (!Array.isArray(value)) return expressionText(value)
  const [key = null, data = null] = value as readonly Value[]
  return `${expressionText(key)} : ${expressionText(data)}`
}

function objectText(kind: string, body: {readonly [key: string]: Value}): string {
  const word = (key: string): string => (body[key] === undefined ? '' : expressionText(body[key]))
  const join = (...words: string[]): string => words.filter(text => text !== '').join(' ')
  const offset = body['offset'] === undefined || body['offset'] === 0 ? '' : `offset ${word('offset')}`
  switch (kind) {
    case 'payload':
      return body['base'] === undefined
        ? join(word('protocol'), word('field'))
        : `@${word('base')},${word('offset')},${word('len')}`
    case 'meta':
      return `meta ${word('key')}`
    case 'ct':
      return join('ct', word('dir'), word('key').replaceAll('"', ''))
    case 'fib':
      return join('fib', (body['flags'] as readonly string[]).join(' . '), word('result'))
    case 'numgen':
      return join('numgen', word('mode'), 'mod', word('mod'), offset)
    case 'jhash':
      return join(
        'jhash',
        word('expr'),
        'mod',
        word('mod'),
        body['seed'] === undefined ? '' : `seed ${word('seed')}`,
        offset,
      )
    case 'symhash':
      return join('symhash mod', word('mod'), offset)
    case 'map':
      return `${word('key')} map ${word('data')}`
    case 'prefix':
      return `${word('addr')}/${word('len')}`
    case 'elem':
      return word('val')
    case 'jump':
    case 'goto':
      return `${kind} ${nameText(body['target'])}`
    case 'tcp option':
    case 'ip option':
    case 'sctp chunk':
    case 'exthdr':
      return join(kind, word('name'), word('field'))
    case 'rt':
      return join('rt', word('family'), word('key'))
    case 'socket':
    case 'osf':
      return `${kind} ${word('key')}`
    default:
      return `?${kind}`
  }
}
