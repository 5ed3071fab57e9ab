/** A JSON value that remembers where it stands. */
export type Json = JsonObject | JsonArray | JsonScalar

export interface JsonObject {
  readonly kind: 'object'
  /** Of its brace, counted as the document counts. */
  readonly line: number
  /** In text order; of a key that stands twice the last value, as Go's decoder takes it. */
  readonly members: ReadonlyMap<string, JsonMember>
}

export interface JsonMember {
  /** Of the key. */
  readonly line: number
  /**
   * The key and its value, when that is a scalar; the key and the opening bracket of anything larger. On one line or pretty-printed,
   * the same thing is quoted.
   */
  readonly text: string
  readonly value: Json
}

export interface JsonArray {
  readonly kind: 'array'
  readonly line: number
  readonly items: readonly Json[]
}

export interface JsonScalar {
  readonly kind: 'string' | 'number' | 'boolean' | 'null'
  readonly line: number
  /** A string decoded; a number digit by digit, because ipamd's timestamps (nanoseconds) do not fit a double. */
  readonly value: string
}

export function objectAt(json: JsonObject, key: string): JsonObject | null {
  const value = json.members.get(key)?.value
  return value?.kind === 'object' ? value : null
}

/** Null where the key is absent, or its value is no string; ipamd writes '' for "none", which stays ''. */
export function stringAt(json: JsonObject, key: string): string | null {
  const value = json.members.get(key)?.value
  return value?.kind === 'string' ? value.value : null
}

/** False where the key is absent: Go leaves nothing out, but older versions lack the member. */
export function isTrueAt(json: JsonObject, key: string): boolean {
  const value = json.members.get(key)?.value
  return value?.kind === 'boolean' && value.value === 'true'
}

/** Null where the key is absent, or its value is no integer. */
export function integerAt(json: JsonObject, key: string): number | null {
  const value = json.members.get(key)?.value
  return value?.kind === 'number' && /^-?\d+$/.test(value.value) ? Number(value.value) : null
}
