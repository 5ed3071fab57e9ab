import type {NodeState, SysctlValue} from '../model/index.js'
import {parseSysctl} from '../parse/index.js'
import type {EditCommand, Edited} from './command.js'
import {refuseDiagnostics} from './refuseDiagnostics.js'

/** `sysctl -w KEY=VALUE …`, or `KEY=VALUE` alone. @param first the word that was taken already */
export function editSysctl(state: NodeState, command: EditCommand, first: string | null): Edited {
  const words = [...(first === null ? [] : [first]), ...command.rest().map(({text}) => text)]
  const settings = words.filter(word => !/^-{1,2}\w+$/.test(word))
  const text = settings.join(' ').replace(/\s*=\s*/g, '=')
  if (text === '') command.fail('KEY=VALUE, such as net.ipv4.ip_forward=1')
  const values = new Map(state.sysctl ?? [])
  const changes: string[] = []
  for (const line of text.split(/ (?=\S+=)/)) {
    const {value: parsed, diagnostics} = parseSysctl({name: command.source.document, text: line})
    refuseDiagnostics(command, diagnostics)
    for (const [key, {value}] of parsed) {
      if (!/^-?\d+$/.test(value) && key.startsWith('net.ipv')) command.refuse(`${key} takes a number, not "${value}".`)
      const before = values.get(key)
      changes.push(`${key} ${before === undefined ? '' : `${before.value} → `}${value}`)
      const written: SysctlValue = {key, value, source: command.source, text: `${key} = ${value}`}
      for (const each of keysWritten(key, values)) values.set(each, {...written, key: each})
    }
  }
  return {state: {...state, sysctl: values}, effect: changes.join(', ')}
}

const FORWARDING: Readonly<Record<string, 4 | 6>> = {
  'net.ipv4.ip_forward': 4,
  'net.ipv4.conf.all.forwarding': 4,
  'net.ipv6.conf.all.forwarding': 6,
}

/** ip_forward and conf.all.forwarding are one value, and writing it writes that of every interface (inet_forward_change, addrconf_fixup_forwarding). */
function keysWritten(key: string, values: ReadonlyMap<string, SysctlValue>): string[] {
  const family = FORWARDING[key]
  if (family === undefined) return [key]
  const conf = new RegExp(`^net\\.ipv${family}\\.conf\\.[^.]+\\.forwarding$`)
  const own = [...values.keys()].filter(each => conf.test(each))
  const both = family === 4 ? ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'] : [key]
  return [...new Set([...both, ...own])]
}
