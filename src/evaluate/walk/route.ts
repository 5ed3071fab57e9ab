import {type InputRoute, routeInput4} from './routeInput.js'
import {routeInput6} from './routeInput6.js'
import {type OutputPurpose, routeOutput4} from './routeOutput.js'
import {routeOutput6} from './routeOutput6.js'
import type {Verdict, Walk} from './walk.js'

export function routeInput(walk: Walk, device: string): InputRoute {
  return walk.packet.family === 4 ? routeInput4(walk, device) : routeInput6(walk, device)
}

export function routeOutput(walk: Walk, purpose: OutputPurpose, stage: string): Verdict | null {
  return walk.packet.family === 4 ? routeOutput4(walk, purpose, stage) : routeOutput6(walk, purpose, stage)
}
