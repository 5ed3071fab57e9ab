import type {Backend} from '../../model/index.js'
import type {Role} from './role.js'

/**
 * `iptables-save`, `ip6tables -t nat -S`, `iptables-legacy --list --numeric --verbose --table mangle` …
 * @param tool without its folder  @param words behind it
 */
export function roleOfIptables(tool: string, words: readonly string[]): Role | null {
  const family = tool.startsWith('ip6') ? 6 : 4
  const form = tool.endsWith('-save') ? 'save' : formOf(words)
  if (form === null) return null
  // listings without -t are of the filter table; a save without it is of all
  const table = tableOf(words) ?? (form === 'save' ? null : 'filter')
  return {kind: 'iptables', form, family, backend: backendOf(tool), table}
}

/** Short options come bundled: `-nvL`, `-vnxL`. */
function formOf(words: readonly string[]): 'rules' | 'list' | null {
  if (words.some(word => word === '--list-rules' || /^-[a-zA-Z]*S$/.test(word))) return 'rules'
  return words.some(word => word === '--list' || /^-[a-zA-Z]*L[a-z]*$/.test(word)) ? 'list' : null
}

function backendOf(tool: string): Backend | null {
  if (tool.includes('legacy')) return 'iptables-legacy'
  return tool.includes('nft') ? 'iptables-nft' : null
}

function tableOf(words: readonly string[]): string | null {
  const at = words.findIndex(word => word === '-t' || word === '--table')
  return at < 0 ? (words.find(word => word.startsWith('--table='))?.slice(8) ?? null) : (words[at + 1] ?? null)
}
