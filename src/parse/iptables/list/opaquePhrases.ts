import type {OpaqueReason} from '../../../model/index.js'
import {type Phrase, phrases} from './phrase.js'

/** A match that is not modelled: its phrase becomes its text. */
function opaque(module: string, reason: OpaqueReason, word: string, pattern: RegExp): Phrase {
  return phrases(word, pattern, ([text = ''], negated) => [{kind: 'opaque', negated, module, text, reason}])
}

const HTABLE = '(?: htable-(?:size|max|gcinterval|expire) \\d+)*'

export const OPAQUE_PHRASES: readonly Phrase[] = [
  opaque('limit', 'state', 'limit', /limit: avg \S+ burst \d+/),
  opaque(
    'hashlimit',
    'state',
    'limit',
    new RegExp(
      `limit: (?:above|up to|avg) \\S+(?: burst \\S+)?(?: mode \\S+)?${HTABLE}(?: [sd](?:rc|st)mask \\d+)*(?: rate-match)?(?: rate-interval \\d+)?`,
    ),
  ),
  opaque('connlimit', 'state', '#conn', /#conn (?:src|dst)\/\S+ (?:<=|>) \d+/),
  opaque('connbytes', 'state', 'connbytes', /connbytes [\d:]+ connbytes mode \w+ connbytes direction \w+/),
  opaque('connlabel', 'state', 'connlabel', /connlabel (?:! )?\S+(?: set)?/),
  opaque('quota', 'state', 'quota', /quota: \d+ bytes/),
  opaque('helper', 'state', 'helper', /helper match (?:! )?"[^"]*"/),
  opaque('osf', 'state', 'OS', /OS fingerprint match (?:! ?)?\S+/),
  opaque(
    'time',
    'environment',
    'TIME',
    /TIME(?: (?:from|to|on|starting|until date|until|date|UTC|contiguous|kerneltz|[\d:-]+|[A-Z][a-z]{2}[\w,]*|\d+\w\w[\w,]*))+/,
  ),
  opaque('cgroup', 'environment', 'cgroup', /cgroup (?:! )?\S+/),
  opaque(
    'string',
    'unmodelled',
    'STRING',
    /STRING match\s+(?:! )?"[^"]*" ALGO name \w+(?: FROM \d+)?(?: TO \d+)?(?: ICASE)?/,
  ),
  opaque('u32', 'unmodelled', 'u32', /u32 (?:! )?"[^"]*"/),
  opaque('bpf', 'unmodelled', 'match', /match bpf (?:pinned \S+|[\d ,]+\d)/),
  opaque('devgroup', 'unmodelled', 'src-group', /src-group \S+(?: (?:! )?dst-group \S+)?/),
  opaque('devgroup', 'unmodelled', 'dst-group', /dst-group \S+/),
  opaque('esp', 'unmodelled', 'esp', /esp(?: spis?:\S+)?/),
  opaque('ah', 'unmodelled', 'ah', /ah(?: spis?:\S+)?(?: length:\S+)?(?: reserved)?/),
  opaque('ipcomp', 'unmodelled', 'comp', /comp(?: spis?:\S+)?/),
  opaque('mh', 'unmodelled', 'mh', /mh(?: !?[\d:]+)?/),
  opaque('eui64', 'unmodelled', 'eui64', /eui64/),
  opaque('frag', 'unmodelled', 'frag', /frag(?:\s+(?:ids?:\S+|length:\S+|reserved|first|more|last))*/),
  opaque('hbh', 'unmodelled', 'hbh', /hbh(?: length:\S+)?(?: opts [\d:,]+)?/),
  opaque('dst', 'unmodelled', 'dst', /dst(?: length:\S+)?(?: opts [\d:,]+)?/),
  opaque(
    'rt',
    'unmodelled',
    'rt',
    /rt(?: (?:type:|segslefts?:|length:)\S+)*(?: reserved)?(?: 0-addrs \S+)?(?: 0-not-strict)?/,
  ),
  opaque('ipv6header', 'unmodelled', 'ipv6header', /ipv6header flags:\S+(?: soft)?/),
  opaque('srh', 'unmodelled', 'srh', /srh(?: !?[a-z-]+:\S+)*(?: [pnl]sid (?:! | )\S+)*/),
  opaque('cluster', 'unmodelled', 'cluster', /cluster !?node_mask=\S+ total_nodes=\S+ hash_seed=\S+/),
  opaque(
    'policy',
    'unmodelled',
    'policy',
    /policy match dir \w+ pol \w+(?: strict)?(?: \[\d+\]| !?(?:reqid|spi|proto|mode|tunnel-dst|tunnel-src) \S+)*/,
  ),
  opaque('socket', 'unmodelled', 'socket', /socket(?: --[\w-]+)*/),
]
