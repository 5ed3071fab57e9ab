import {addressBytes, addressText} from './addressBytes.js'
import {farMac} from './farMac.js'

/** Who answers for an address on a device: `ip neigh`'s entry, else the far side's own MAC for it. */
export class NeighbourMacs {
  readonly #known = new Map<string, string>()

  /** @param text `ip neigh show` */
  constructor(text: string) {
    for (const [, address = '', device = '', mac = ''] of text.matchAll(/^(\S+) dev (\S+) lladdr (\S+)/gm))
      this.#known.set(`${device} ${address}`, mac)
  }

  /** @returns null where `ip neigh` has no entry */
  known(device: string, address: string): string | null {
    return this.#known.get(`${device} ${addressText(addressBytes(address))}`) ?? null
  }

  of(device: string, address: string): string {
    return this.known(device, address) ?? farMac(address)
  }
}
