/**
 * What `ekspath show … --json` prints: the typed model as rows, each with the line it was read from. Schemas are generated from here.
 */
import type {JsonCapture, JsonDiagnostic, JsonNode, JsonSource} from './report.js'

export interface JsonRuleRow {
  family: 4 | 6
  priority: number
  /** Everything but priority and action, as `ip rule` words it: `not from all to 192.168.0.0/16`. */
  selector: string
  /** `lookup main`, `blackhole`, `goto 32766` … */
  action: string
  source: JsonSource
}

export interface JsonRouteRow {
  family: 4 | 6
  table: string
  type: string
  destination: string
  /** Several where multipath; `weight` is as printed, from 1. */
  nextHops: {gateway: string | null; interface: string | null; weight: number}[]
  preferredSource: string | null
  metric: number
  source: JsonSource
}

export interface JsonChainRow {
  family: 4 | 6
  backend: 'iptables-nft' | 'iptables-legacy'
  table: string
  chain: string
  /** Base chains only. */
  policy: 'ACCEPT' | 'DROP' | null
  rules: number
  /** Null where no line of its own declares it. */
  source: JsonSource | null
}

/** A rule of one chain, with --chain. */
export interface JsonChainRuleRow {
  family: 4 | 6
  backend: 'iptables-nft' | 'iptables-legacy'
  table: string
  chain: string
  /** From 1. */
  rule: number
  /** The very line. */
  text: string
  /** Null where the listing has no counters. */
  packets: number | null
  source: JsonSource
}

export interface JsonNeighbourRow {
  address: string
  interface: string | null
  mac: string | null
  state: string
  source: JsonSource
}

export interface JsonPodRow {
  namespace: string | null
  name: string | null
  ip: string
  /** Host side of the veth pair. */
  interface: string | null
  eni: string | null
  /** Routing table that its packets use by rule; null: main. */
  table: string | null
  /** The first line that speaks of it. */
  source: JsonSource | null
}

export interface JsonEniRow {
  /** Null where only routes speak of it. */
  id: string | null
  deviceNumber: number | null
  role: string
  interface: string | null
  table: string | null
  /** Addresses that ipamd holds on it, and how many of them a pod has. */
  addresses: number
  assigned: number
  source: JsonSource | null
}

interface ShowReport<Schema extends string, Row> {
  schema: Schema
  node: JsonNode
  capture: JsonCapture
  rows: Row[]
  diagnostics: JsonDiagnostic[]
}

export type ShowRulesReport = ShowReport<'ekspath.show.rules/1', JsonRuleRow>
export type ShowRoutesReport = ShowReport<'ekspath.show.routes/1', JsonRouteRow>
export type ShowChainsReport = ShowReport<'ekspath.show.chains/1', JsonChainRow>
export type ShowChainReport = ShowReport<'ekspath.show.chain/1', JsonChainRuleRow>
export type ShowNeighboursReport = ShowReport<'ekspath.show.neighbours/1', JsonNeighbourRow>
export type ShowPodsReport = ShowReport<'ekspath.show.pods/1', JsonPodRow>
export type ShowEnisReport = ShowReport<'ekspath.show.enis/1', JsonEniRow>

/** Any command's answer to --json where it could not do what was asked. */
export interface ErrorReport {
  schema: 'ekspath.error/1'
  error: {
    code: 'USAGE' | 'INPUT' | 'COLLECTION' | 'BUG'
    /** What the process ends with. */
    exitCode: number
    message: string
    nextSteps: string[]
  }
}
