/** The one module behind bin/run.js: oclif, the commands, and what they load. Bundled by bundle.mjs; never loaded from here. */
import {execute, Plugin} from '@oclif/core'
import {commands} from 'virtual:commands'

/** Takes commands from the bundle instead of dist/commands/. */
class BundledPlugin extends Plugin {
  async findCommand(id) {
    const {default: command} = await commands[id]()
    command.id = id
    command.plugin = this
    return command
  }
}

/** @param pjson package.json */
export async function main(root, pjson, args) {
  const plugin = new BundledPlugin({isRoot: true, root, pjson})
  await plugin.load()
  await execute({args, loadOptions: {root, pjson, plugins: new Map([[plugin.name, plugin]])}})
}
