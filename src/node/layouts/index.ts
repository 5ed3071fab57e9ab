import {awsCniSupport} from './awsCniSupport.js'
import {eksLogCollector} from './eksLogCollector.js'
import type {Layout} from './layout.js'
import {logdog} from './logdog.js'
import {native} from './native.js'
import {sosreport} from './sosreport.js'

/** The layouts that are known, the most telling mark first. */
export const LAYOUTS: readonly Layout[] = [sosreport, eksLogCollector, awsCniSupport, logdog, native]

export interface FoundLayout {
  readonly layout: Layout
  /** What the paths of its documents begin with, up to and with a slash; empty: nothing. */
  readonly root: string
}

/** The layout that a set of paths has; null: some files, somehow named. */
export function findLayout(names: readonly string[]): FoundLayout | null {
  for (const layout of LAYOUTS) {
    for (const name of names) {
      const at = layout.mark.exec(name)
      if (at !== null) return {layout, root: name.slice(0, at.index + (at[1]?.length ?? 0))}
    }
  }
  return null
}
