/** The one module behind bin/run.js: oclif, the commands, and what they load. Bundled by bundle.mjs; never loaded from here. */
import {Errors, flush, Plugin, run} from '@oclif/core'
import {commands, unknownCommand} from 'virtual:commands'

/** Takes commands from the bundle instead of dist/commands/. */
class BundledPlugin extends Plugin {
  async findCommand(id) {
    const {default: command} = await commands[id]()
    command.id = id
    command.plugin = this
    return command
  }
}

/** What oclif says of a command that is not there. It has a hook for that, which it would load from a file. */
const NOT_FOUND = /^command (.+) not found$/s

/** @param pjson package.json */
export async function main(root, pjson, args) {
  const plugin = new BundledPlugin({isRoot: true, root, pjson})
  await plugin.load()
  try {
    await run(args, {root, pjson, plugins: new Map([[plugin.name, plugin]])})
    if (process.stdout.writableLength > 0) await flush()
  } catch (error) {
    const [, id] = NOT_FOUND.exec(error.message) ?? []
    if (id === undefined) await Errors.handle(error)
    else await (await unknownCommand()).refuseUnknownCommand(id, plugin.commandIDs, args)
  }
}
