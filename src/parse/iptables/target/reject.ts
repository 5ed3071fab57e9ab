import type {LoadTarget} from './loadedTarget.js'

/** iptables spells one of its words two ways; the longer ones are what a save prints. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'net-unreach': 'icmp-net-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'proto-unreach': 'icmp-proto-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'net-prohib': 'icmp-net-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'admin-prohib': 'icmp-admin-prohibited',
  'tcp-rst': 'tcp-reset',
}
const SYNONYMS6: Readonly<Record<string, string>> = {
  'no-route': 'icmp6-no-route',
  'adm-prohibited': 'icmp6-adm-prohibited',
  'addr-unreach': 'icmp6-addr-unreachable',
  'port-unreach': 'icmp6-port-unreachable',
}

/** The kernel's default is "port unreachable" of the family. */
export const reject: LoadTarget = () => {
  let word: string | null = null
  return {
    has: option => option === '--reject-with',
    read: (_option, reader) => {
      word = reader.value()
      return word !== null
    },
    finish: (_text, family) => {
      const spelled = word ?? (family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable')
      return {kind: 'reject', with: (family === 4 ? SYNONYMS : SYNONYMS6)[spelled] ?? spelled}
    },
  }
}
