import {asList, asString, type JsonObject} from './jsonRecords.js'

/** An entry of `ip -j neigh` in the words of the text form. Flags are keys with the value null; counters are left out. */
export function neighbourWordsOf(json: JsonObject): string[] {
  const words = [asString(json['dst']) ?? '']
  for (const key of ['dev', 'lladdr']) {
    const value = asString(json[key])
    if (value !== null) words.push(key, value)
  }
  for (const flag of ['router', 'proxy']) if (flag in json) words.push(flag)
  return [...words, ...asList(json['state']).map(String)]
}
