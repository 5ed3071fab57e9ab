import type {NftChain, NftTable} from '../../model/index.js'
import {nftChainKey, parseNftChainName} from './nftChainName.js'

const known = new WeakMap<NftTable, ReadonlyMap<string, NftChain>>()

/** kube-proxy's chains of services by what they are for, as `nftChainKey` makes it of their names; those of endpoints, which are most, left out. */
export function nftServiceChains(table: NftTable): ReadonlyMap<string, NftChain> {
  let chains = known.get(table)
  if (chains === undefined) known.set(table, (chains = readChains(table)))
  return chains
}

function readChains(table: NftTable): ReadonlyMap<string, NftChain> {
  const chains = new Map<string, NftChain>()
  for (const [name, chain] of table.chains) {
    const parsed = name.startsWith('endpoint-') ? null : parseNftChainName(name)
    if (parsed !== null) chains.set(nftChainKey(parsed.kind, parsed), chain)
  }
  return chains
}
