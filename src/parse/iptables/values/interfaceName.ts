/** `eni+` is every name that starts with `eni`; a lone `+` is any interface. */
export function parseInterfaceName(text: string): {readonly name: string; readonly wildcard: boolean} {
  const wildcard = text.endsWith('+')
  return {name: wildcard ? text.slice(0, -1) : text, wildcard}
}
