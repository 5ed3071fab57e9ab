import type {Link, NodeState} from '../../model/index.js'
import type {EditCommand} from '../command.js'

/** Null: the capture does not list interfaces. @throws EditError where it does, and has none of that name */
export function findLink({links}: NodeState, command: EditCommand, name: string): Link | null {
  if (links === null) return null
  const link = links.find(({name: own, alternativeNames}) => own === name || alternativeNames.includes(name))
  if (link !== undefined) return link
  return command.refuse(`the node has no interface ${name}: it has ${links.map(each => each.name).join(', ')}.`)
}

/** @throws EditError where the interface is known not to exist, or to be down: the kernel takes no route over it */
export function needDevice(state: NodeState, command: EditCommand, name: string): void {
  const link = findLink(state, command, name)
  if (link !== null && link.flags.size > 0 && !link.flags.has('UP')) command.refuse(`the interface ${name} is down.`)
}
