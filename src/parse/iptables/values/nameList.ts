/** `NEW,ESTABLISHED`: each one of the names, any case. @returns null where one is not */
export function parseNameList<T extends string>(text: string, names: ReadonlySet<T>): readonly T[] | null {
  const list = text.toUpperCase().split(',') as T[]
  return list.every(name => names.has(name)) ? list : null
}
