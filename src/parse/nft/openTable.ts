import type {NftFamily, NftTable} from '../../model/index.js'
import type {LazyChain} from './lazyChain.js'
import type {LazySet} from './lazySet.js'

/** A table while its listing is read. */
export interface OpenTable extends NftTable {
  readonly family: NftFamily
  dormant: boolean
  ofIptables: boolean
  readonly chains: Map<string, LazyChain>
  readonly sets: Map<string, LazySet>
}
