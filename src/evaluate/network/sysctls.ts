import type {Family} from '../../net/index.js'
import type {SourceRef, SysctlValue} from '../../model/index.js'

/** A sysctl's number, and where it came from: a line, or an assumption that goes on the report. */
export interface SysctlReading {
  readonly value: number
  readonly source: SourceRef | null
  /** Null where the capture holds the value. */
  readonly assumption: {readonly code: string; readonly text: string} | null
}

/**
 * Reads the settings of the walk with the kernel's own combination rules (include/linux/inetdevice.h): MAXCONF is the larger of `all` and the
 * interface, ORCONF either of them, the rest the interface alone.
 */
export class Sysctls {
  readonly #values: ReadonlyMap<string, SysctlValue> | null
  /** Key → device → reading. */
  readonly #devices: Record<Family, Map<string, Map<string, SysctlReading>>> = {4: new Map(), 6: new Map()}
  readonly #all: Record<Family, Map<string, number | null>> = {4: new Map(), 6: new Map()}

  constructor(values: ReadonlyMap<string, SysctlValue> | null) {
    this.#values = values
  }

  get captured(): boolean {
    return this.#values !== null
  }

  /** A key as it stands. `fallback` is the kernel's default, used silently: only for settings whose default nobody changes. */
  get(key: string, fallback: number): number {
    return this.#number(key)?.value ?? fallback
  }

  /**
   * conf/IFACE/KEY, else conf/default/KEY (a device takes it over when it is made), else the assumed value.
   * @param assumed what to use where the capture says nothing of it
   */
  onInterface(family: Family, name: string, key: string, assumed: number, why: string): SysctlReading {
    let devices = this.#devices[family].get(key)
    if (devices === undefined) this.#devices[family].set(key, (devices = new Map<string, SysctlReading>()))
    let reading = devices.get(name)
    if (reading === undefined) devices.set(name, (reading = this.#onInterface(family, name, key, assumed, why)))
    return reading
  }

  #onInterface(family: Family, name: string, key: string, assumed: number, why: string): SysctlReading {
    const root = `net.ipv${family}.conf`
    const own = this.#number(`${root}.${name.replaceAll('.', '/')}.${key}`)
    if (own !== null) return own
    const inherited = this.#number(`${root}.default.${key}`)
    if (inherited !== null) {
      return {
        ...inherited,
        assumption: {
          code: 'SYSCTL_DEFAULT',
          text: `${key} of ${name} is not in the capture: taken from conf/default (${inherited.value})`,
        },
      }
    }
    return {value: assumed, source: null, assumption: {code: `SYSCTL_${key.toUpperCase()}`, text: why}}
  }

  /** conf/all, kernel default where the capture has none. */
  all(family: Family, key: string, fallback: number): number {
    let value = this.#all[family].get(key)
    if (value === undefined) {
      value = this.#number(`net.ipv${family}.conf.all.${key}`)?.value ?? null
      this.#all[family].set(key, value)
    }
    return value ?? fallback
  }

  #number(key: string): SysctlReading | null {
    const entry = this.#values?.get(key)
    if (entry === undefined) return null
    const value = Number.parseInt(entry.value, 10)
    return Number.isNaN(value) ? null : {value, source: entry.source, assumption: null}
  }
}
