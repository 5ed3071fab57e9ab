import type {NftBase, NftFamily, NftHook} from '../../model/index.js'
import {parsePriority} from './priority.js'

const HOOKS = 'prerouting|input|forward|output|postrouting|ingress|egress'

//                          type nat          hook prerouting     device "eth0" / devices = { … }           priority …;    policy …;
const LINE = new RegExp(
  `^type (filter|nat|route) hook (${HOOKS})((?: device \\S+| devices = \\{[^}]*\\})?) priority ([^;]+);(?: *policy (accept|drop);)?`,
)

/** True for the line of a chain that makes it a base chain, be it understood or not. */
export function isBaseLine(line: string): boolean {
  return /^type \S+ hook /.test(line)
}

/**
 * `type filter hook ingress device "eth0" priority filter; policy accept;` — the policy may stand on a line of its own, or be left out.
 * @returns null where it is not understood
 */
export function parseBaseChain(line: string, family: NftFamily): NftBase | null {
  const found = LINE.exec(line)
  if (found === null) return null
  const [, type, hook, devices = '', priorityText = '', policy] = found
  const priority = parsePriority(priorityText.trim(), family)
  if (priority === null) return null
  return {
    type: type as NftBase['type'],
    hook: hook as NftHook,
    devices: [...devices.replace(/^ devices? ?=? ?/, '').matchAll(/[^\s{},"]+/g)].map(([name]) => name),
    priority,
    policy: policy === 'drop' ? 'drop' : 'accept',
  }
}
