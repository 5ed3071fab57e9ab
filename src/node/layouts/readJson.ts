type JsonObject = Readonly<Record<string, unknown>>

/** The object that a text is; null where it is anything else, or no JSON. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as JsonObject) : null
  } catch {
    return null
  }
}

/** The members of an object; none of anything else. */
export function objectsIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function stringOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
