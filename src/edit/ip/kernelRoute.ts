import type {Route, SourceRef} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIpRoute} from '../../parse/index.js'

/** A route that the kernel makes by itself, from the line that would list it. */
export function kernelRoute(line: string, family: Family, source: SourceRef): Route {
  const [route] = parseIpRoute({name: source.document, text: `${line}\n`}, {family}).value
  if (route === undefined) throw new RangeError(`not a route: ${line}`)
  return {...route, source, text: line}
}
