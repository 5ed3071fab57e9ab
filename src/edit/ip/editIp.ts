import type {NodeState} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {EditCommand, Edited} from '../command.js'
import {editAddress} from './editAddress.js'
import {editLink} from './editLink.js'
import {editRoute} from './editRoute.js'
import {editRule} from './editRule.js'

/** Objects in the order in which iproute2 completes abbreviations: `ip r` is a route, `ip ru` a rule. */
const OBJECTS = ['address', 'link', 'route', 'rule'] as const

/** `ip [-4|-6] OBJECT …` */
export function editIp(state: NodeState, command: EditCommand): Edited {
  let family: Family | null = null
  for (let word = command.peek(); word?.startsWith('-') === true; word = command.peek()) {
    command.take()
    if (word === '-4' || word === '-6') family = word === '-4' ? 4 : 6
    else if (word === '-f' || word === '-family') family = readFamily(command)
    else command.fail('-4, -6 or an object')
  }
  const object = complete(command, OBJECTS, 'rule, route, link or addr')
  switch (object) {
    case 'rule':
      return editRule(state, command, family ?? 4)
    case 'route':
      return editRoute(state, command, family)
    case 'link':
      return editLink(state, command)
    case 'address':
      return editAddress(state, command)
  }
}

function readFamily(command: EditCommand): Family {
  const word = command.need('inet or inet6')
  if (word !== 'inet' && word !== 'inet6') command.fail('inet or inet6')
  return word === 'inet' ? 4 : 6
}

/** The first of the words that begins like the next one. */
export function complete<Name extends string>(command: EditCommand, names: readonly Name[], expected: string): Name {
  const word = command.need(expected)
  return names.find(name => name.startsWith(word)) ?? command.fail(expected)
}
