import {BACKENDS} from './backends.js'
import {CONNECTIONS} from './connections.js'
import {FILTERING} from './filtering.js'
import {IPSETS} from './ipsets.js'
import {MATCHING} from './matching.js'
import {NAT} from './nat.js'
import {NAT_RANGES} from './natRanges.js'
import {OUTPUT} from './output.js'
import {RECENT} from './recent.js'
import {ROUTING} from './routing.js'
import type {Scenario} from './scenario.js'
import {TPROXY} from './tproxy.js'
import {VALIDATION} from './validation.js'
import {ZONES} from './zones.js'

export const SCENARIOS: readonly Scenario[] = [
  ...ROUTING,
  ...VALIDATION,
  ...NAT,
  ...NAT_RANGES,
  ...OUTPUT,
  ...FILTERING,
  ...MATCHING,
  ...IPSETS,
  ...BACKENDS,
  ...ZONES,
  ...RECENT,
  ...TPROXY,
  ...CONNECTIONS,
]
