import type {Parsed, SourceText, SysctlValue} from '../../model/index.js'
import {type Line, readLines} from './lines.js'
import {Notes} from './notes.js'
import {noteUnread} from './unread.js'

const PROC = '/proc/sys/'

/**
 * `sysctl -a`, `grep . /proc/sys/net/…`, or a sysctl.conf: values by dotted key, in which a dot of an interface's name is a slash
 * (`net.ipv4.conf.vlan/eth/1.rp_filter`), as sysctl itself prints it. The last of several values wins, as it does for `sysctl -p`.
 */
export function parseSysctl(source: SourceText): Parsed<ReadonlyMap<string, SysctlValue>> {
  const notes = new Notes(source.name)
  const values = new Map<string, SysctlValue>()
  for (const line of readLines(source, notes)) {
    const text = line.text.trim()
    if (text.startsWith('#') || text.startsWith(';') || isRefusedKey(text, line, notes)) continue
    const value = parseLine(line, text, source.name)
    if (value !== null) values.set(value.key, noteChange(values.get(value.key), value, notes))
    else noteUnread(line, 'a sysctl: no "key = value"', notes)
  }
  return {value: values, diagnostics: notes.diagnostics}
}

/** `net.ipv4.ip_forward = 1`, `net.ipv4.ip_forward: 1`, `/proc/sys/net/ipv4/ip_forward:1` */
function parseLine(line: Line, text: string, document: string): SysctlValue | null {
  const equals = text.indexOf('=')
  const at = equals >= 0 ? equals : text.indexOf(':')
  const name = text.slice(0, Math.max(at, 0)).trim().replace(/^-/, '') // sysctl.conf: `-key` ignores errors
  if (!/^[^\s:]+[./][^\s:]+$/.test(name)) return null
  return {key: dottedKey(name), value: text.slice(at + 1).trim(), source: {document, line: line.number}, text}
}

/** `sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'`: keys that only root, or nobody, may read. */
function isRefusedKey(text: string, line: Line, notes: Notes): boolean {
  if (!/^sysctl: (permission denied on|reading|cannot stat|error reading) /.test(text)) return false
  notes.addOnce('refused', 'TOOL_ERROR', 'info', `Some keys could not be read: "${text}".`, line.number)
  return true
}

/** Paths separate by slashes and keep dots; keys the other way round. As sysctl does, the first separator tells which it is. */
function dottedKey(name: string): string {
  const path = name.startsWith(PROC) ? name.slice(PROC.length) : name
  const slash = path.indexOf('/')
  const dot = path.indexOf('.')
  if (slash < 0 || (dot >= 0 && dot < slash && path === name)) return path
  return path.replace(/[./]/g, separator => (separator === '/' ? '.' : '/'))
}

function noteChange(before: SysctlValue | undefined, value: SysctlValue, notes: Notes): SysctlValue {
  if (before !== undefined && before.value !== value.value && value.key.startsWith('net.')) {
    notes.add(
      'CONTRADICTION',
      'warning',
      `${value.key} is ${before.value} on line ${before.source.line} and ${value.value} here: the last counts.`,
      value.source.line,
    )
  }
  return value
}
