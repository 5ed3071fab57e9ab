import type {Family} from '../../net/index.js'
import type {IpvsVerdict} from '../ipvs/ipvsVerdict.js'
import {runIpvs} from '../ipvs/runIpvs.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {type ChainVerdict, runChain} from '../netfilter/runChain.js'
import {runNftChain} from '../nft/runNftChain.js'
import {Undetermined, type Walk} from './walk.js'

/** How a base chain, or what else hooks in, ended. */
export type BaseVerdict = ChainVerdict | IpvsVerdict

export type ChainRunner = (walk: Walk, base: HookedChain) => BaseVerdict

/** Runs a base chain, of whichever back end. */
export function runBase(walk: Walk, base: HookedChain): BaseVerdict {
  if ('chain' in base) return runChain(walk, base)
  if ('ipvs' in base) return runIpvs(walk, base)
  if ('nftChain' in base) {
    if (!base.nftChain.misplaced) return runNftChain(walk, base)
    const {nftTable, nftChain} = base
    throw new Undetermined(
      'UNMODELLED_RULES',
      `where the chain ${nftChain.name} of \`table ${nftTable.family} ${nftTable.name}\` hooks in is not understood: it may be here`,
      nftChain,
    )
  }
  const {table, backend, why, idle} = base
  if (backend === 'nft') throw new Undetermined('MISSING_INPUT', `${why}: collect \`nft -a list ruleset\` as root`)
  if (idle !== undefined && walk.decide(`rules idle ${walk.packet.family} ${backend}`, idle)) return {kind: 'accept'}
  throw new Undetermined(
    'MISSING_INPUT',
    `the ${table} table of ${backend} is not known (${why}): collect \`${saveOf(base, walk.packet.family)}\` as root`,
  )
}

/** The command that tells the rules of a back end; where that is open, of the one in use. */
function saveOf({backend}: HookedChain, family: Family): string {
  const tool = family === 4 ? 'iptables' : 'ip6tables'
  return backend === 'iptables-nft' || backend === 'iptables-legacy'
    ? `${tool}${backend.slice('iptables'.length)}-save`
    : `${tool}-save`
}
