import {formatPrefix, makePrefix, parseAddress} from '../../../src/net/index.js'
import type {Dice} from './dice.js'
import type {World} from './world.js'

/** What every part of the generator draws from. */
export class Context {
  readonly dice: Dice
  readonly world: World
  readonly ports: readonly number[]
  readonly devices: readonly string[]

  constructor(dice: Dice, world: World) {
    this.dice = dice
    this.world = world
    this.ports = [...new Set([80, 443, 53, ...dice.some([22, 8080, 30000, 32767, 65535, 1023, 5353, 9], 4)])]
    this.devices = world.links.map(link => link.name)
  }

  address(): string {
    const {dice, world} = this
    return dice.pick([
      dice.pick(world.pods).address,
      dice.pick(world.remote),
      dice.pick(world.vips),
      dice.pick(world.own),
    ])
  }

  /** A prefix around one of the addresses; a host without its length. */
  prefix(): string {
    const address = parseAddress(this.address())
    if (address === null) throw new Error('the world holds something that is no address')
    return formatPrefix(makePrefix(address, this.dice.pick(this.world.lengths)))
  }

  port(): number {
    return this.dice.pick(this.ports)
  }

  /** A port, or a range that starts at one. */
  portRange(separator: ':' | '-'): string {
    const first = this.port()
    if (this.dice.chance(0.6) || first > 65000) return String(Math.min(first, separator === '-' ? 65534 : 65535))
    return `${first}${separator}${first + this.dice.pick([1, 10, 500])}`
  }

  /** `! ` now and then. */
  not(probability = 0.2): string {
    return this.dice.chance(probability) ? '! ' : ''
  }

  mark(): {readonly value: number; readonly mask: number} {
    const value = this.dice.pick([0x1, 0x80, 0x4000, 0x8000, 0xff, 0x10, 0xdeadbeef, 0])
    return {value, mask: this.dice.pick([0xffffffff, value === 0 ? 0xff : value, 0xff, 0xff00, 0x80, 0x4000])}
  }
}

/** 0x…, unsigned. */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`
}
