import type {IpamdPod, Parsed, PodName, SourceText} from '../../model/index.js'
import {parseAddress} from '../../net/index.js'
import {integerAt, stringAt} from './json.js'
import {evidenceOf} from './readAddressInfo.js'
import {readDocument, Remarks} from './readDocument.js'

/**
 * `/v1/pods` of ipamd ≤ v1.6: `{"<pod>_<namespace>_<container>": {"IP", "DeviceNumber"}}`.
 * Null where the document says nothing: empty, cut, or the answer of a later version, which has no such endpoint.
 */
export function parseIpamdPods(source: SourceText): Parsed<readonly IpamdPod[] | null> {
  const remarks = new Remarks(source)
  const json = readDocument(source, remarks)
  if (json === null) return {value: null, diagnostics: remarks.all}
  const pods: IpamdPod[] = []
  for (const [key, member] of json.members) {
    const pod = member.value.kind === 'object' ? member.value : null
    const address = parseAddress((pod && stringAt(pod, 'IP')) ?? '')
    if (pod === null || address === null) {
      remarks.add('BAD_JSON', 'warning', 'Expected a pod and its address.', member.line)
      continue
    }
    const {name, containerId} = splitKey(key)
    if (name === null) remarks.add('BAD_VALUE', 'warning', 'Expected <pod>_<namespace>_<container>.', member.line)
    const deviceNumber = integerAt(pod, 'DeviceNumber')
    const {source: line, text} = evidenceOf(member, remarks)
    pods.push({
      address,
      pod: name,
      containerId,
      interfaceName: null,
      allocatedAt: null,
      deviceNumber,
      source: line,
      text,
    })
  }
  return {value: pods, diagnostics: remarks.all}
}

/** None of the three parts can hold an underscore: pods and namespaces are DNS names, containers hexadecimal. */
function splitKey(key: string): {name: PodName | null; containerId: string | null} {
  const [name, namespace, containerId, ...rest] = key.split('_')
  if (!name || !namespace || rest.length > 0) return {name: null, containerId: null}
  return {name: {namespace, name}, containerId: containerId || null}
}
