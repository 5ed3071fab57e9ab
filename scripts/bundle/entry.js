/** The one module behind bin/run.js: oclif, the commands, and what they load. Bundled by bundle.mjs; never loaded from here. */
import {Errors, flush, Plugin, run} from '@oclif/core'
import {commands, standardStream, unknownCommand} from 'virtual:commands'

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

/** oclif asks for help by these, wherever they stand. */
const HELP = ['--help', '-h', 'help']

/** @param pjson package.json */
export async function main(root, pjson, args) {
  const found = args.some(arg => HELP.includes(arg)) ? null : findCommand(args)
  try {
    if (found === null) await runOclif(root, pjson, args)
    else await runCommand(found, pjson)
  } catch (error) {
    await Errors.handle(error)
  }
}

/** The command that is named by all words before the first flag, and what stands behind it. */
function findCommand(args) {
  const flag = args.findIndex(arg => arg.startsWith('-'))
  const words = flag < 0 ? args : args.slice(0, flag)
  const id = words.join(':')
  return Object.hasOwn(commands, id) ? {id, argv: args.slice(words.length)} : null
}

/** Without the manifest, the platform, the shell and the user's folders, which oclif reads before it looks for a command. */
async function runCommand({id, argv}, pjson) {
  const {default: Command} = await commands[id]()
  Command.id = id
  Command.takeProcess()
  await new Command(argv, configOf(pjson))._run()
}

/** What a command asks of oclif's Config. */
function configOf(pjson) {
  const {bin} = pjson.oclif
  return {
    bin,
    pjson,
    version: pjson.version,
    topicSeparator: ':',
    userAgent: `${pjson.name}/${pjson.version}`,
    scopedEnvVarKeys: name => [`EKSPATH_${name}`],
    runHook: async () => ({successes: [], failures: []}),
  }
}

/** Help, and commands that are not there. */
async function runOclif(root, pjson, args) {
  const output = standardStream()
  const plugin = new BundledPlugin({isRoot: true, root, pjson})
  await plugin.load()
  try {
    await run(args, {root, pjson, plugins: new Map([[plugin.name, plugin]])})
    if (output.writableLength > 0) await flush()
  } catch (error) {
    const [, id] = NOT_FOUND.exec(error.message) ?? []
    if (id === undefined) throw error
    await (await unknownCommand()).refuseUnknownCommand(id, plugin.commandIDs, args)
  }
}
