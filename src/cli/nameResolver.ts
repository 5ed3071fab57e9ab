import {type EksNode, resolveName} from '../eks/index.js'
import type {NameResolver} from './flow/buildFlows.js'
import {UsageError} from './usageError.js'

/** Looks up pods, services and `node` in a capture. */
export function nameResolver(eks: EksNode): NameResolver {
  return name => {
    const found = resolveName(eks, name)
    if ('text' in found) throw new UsageError(found.text)
    return found
  }
}
