import type {PodName} from '../../model/index.js'
import {type JsonObject, stringAt} from './json.js'

/** `k8sPodNamespace` and `k8sPodName` of ipamd's metadata (≥ v1.11); null where either is absent or blank. */
export function podNameAt(metadata: JsonObject | null): PodName | null {
  const namespace = metadata && stringAt(metadata, 'k8sPodNamespace')
  const name = metadata && stringAt(metadata, 'k8sPodName')
  return namespace && name ? {namespace, name} : null
}
