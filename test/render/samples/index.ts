import type {ExplainReport} from '../../../src/model/index.js'
import {dnsReport} from './dns.js'
import {endpointsReport} from './endpoints.js'
import {droppedReport, rejectedReport, undeterminedReport} from './lost.js'
import {hostileReport, ipv6Report} from './odd.js'

/** Reports of every shape, by the name of their golden files. */
export const samples: readonly (readonly [string, ExplainReport])[] = [
  ['dns', dnsReport],
  ['endpoints', endpointsReport],
  ['dropped', droppedReport],
  ['rejected', rejectedReport],
  ['undetermined', undeterminedReport],
  ['ipv6', ipv6Report],
  ['hostile', hostileReport],
]
