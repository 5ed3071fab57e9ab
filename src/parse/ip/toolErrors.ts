import type {Line} from './lines.js'
import type {Notes} from './notes.js'

/** What ip, arp, route, sysctl, sudo and the shells say in place of their output. */
const PHRASES = [
  /^Error: /,
  /^RTNETLINK answers: /,
  /^Dump (terminated|was interrupted)/,
  /^(Cannot|Failed to) (open|bind|send|find|talk|create|get|read)\b/,
  /^(Option|Object|Command|Device|Argument) "[^"]*" (is unknown|does not exist)/,
  /^"ip [^"]*" does not take any arguments/,
  /^Unknown (option|command)/i,
  /: (command )?not found$/,
  /: No such file or directory$/,
  /: (Permission denied|Operation not permitted|Protocol not supported|Operation not supported)\b/,
  /^(sudo|timeout|env|sysctl|arp|ip|route|ifconfig|nsenter|chroot|setns|netstat): /,
  /^\[sudo\] /,
  /^BusyBox v/,
  /^Usage: /i,
]

/**
 * True for an error message, after noting it.
 * "FIB table does not exist" is no failure: the kernel has never had a route in that table, so it is empty.
 */
export function isToolError(line: Line, notes: Notes): boolean {
  const text = line.text.trim()
  if (!PHRASES.some(phrase => phrase.test(text))) return false
  if (/FIB table does not exist/.test(text)) {
    notes.addOnce('no table', 'TOOL_ERROR', 'info', `"${text}": the table is empty.`, line.number)
  } else if (!(/^Dump terminated/.test(text) && notes.has('no table'))) {
    notes.addOnce('tool error', 'TOOL_ERROR', 'error', `The tool failed: "${text}".`, line.number)
  }
  return true
}
