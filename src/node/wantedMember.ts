import {LAYOUTS} from './layouts/index.js'
import {commandAt} from './layouts/layout.js'
import {roleOfName} from './recognise/roleOfName.js'

/** Documents whose content must tell what they are: pasted outputs are small. */
const LOOSE_BYTES = 16 << 20

/** Folders of collectors with much in them that no answer depends on. */
const BULK =
  /(^|\/)(var_log|var|proc|sys|usr|etc|boot|run|lib|sos_commands|sos_logs|sos_reports|sos_strings|kubelet|containerd|docker|journal|storage|modinfo|gpu|node_modules|\.git)\//

/** Names that are never the output of a command. */
const FOREIGN =
  /(^|\/)(README|LICENSE|CHANGELOG|NOTICE)(\.\w+)?$|\.(md|jsonl|py|go|ts|js|sh|html?|xml|png|jpe?g|svg|pdf|pcap(ng)?|ya?ml|map|lock|ebpf)$/i

/** Which members of a folder or an archive are read: all that a layout knows, and what could be a pasted output. */
export function isWanted(name: string, size: number): boolean {
  if (
    LAYOUTS.some(layout =>
      anyDepth(name, path => commandAt(layout, path) !== null || layout.index?.path.test(path) === true),
    )
  ) {
    return true
  }
  if (BULK.test(name) || FOREIGN.test(name)) return false
  return size <= LOOSE_BYTES || roleOfName(name) !== null
}

/** The root of a layout may lie in a folder of the archive: `./networking/…`, `sosreport-host/sos_commands/…`. */
function anyDepth(name: string, test: (path: string) => boolean): boolean {
  for (let at = 0; at >= 0;) {
    if (test(name.slice(at))) return true
    const slash = name.indexOf('/', at)
    at = slash < 0 ? -1 : slash + 1
  }
  return false
}
