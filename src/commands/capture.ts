import {Flags} from '@oclif/core'
import {BaseCommand, captureNodes, showProgress, sshFlags, UsageError} from '../cli/index.js'

export default class Capture extends BaseCommand {
  static override summary = 'Collect the state of a node with read-only commands, for explain and show.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> -o node.tar.gz',
    '<%= config.bin %> <%= command.id %> --ssh ec2-user@10.0.0.1 --ssh ec2-user@10.0.0.2 -o captures',
    '<%= config.bin %> <%= command.id %> --script -o capture.sh',
  ]
  static override flags = {
    ssh: Flags.string({
      summary: 'the node at the other end of SSH; may be given several times, then --output is a folder',
      helpGroup: 'SOURCE',
      helpValue: 'HOST',
      multiple: true,
    }),
    ...sshFlags,
    script: Flags.boolean({
      summary: 'print a POSIX sh script with the same commands, whose output --from reads: for kubectl debug and SSM',
      helpGroup: 'SOURCE',
      exclusive: ['ssh', 'list-commands'],
    }),
    'list-commands': Flags.boolean({summary: 'list the commands, and what each is for', helpGroup: 'SOURCE'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Capture)
    const {output} = flags
    const {CAPTURE_COMMANDS, captureScript} = await import('../capture/index.js')
    const {captureTable, commandTable, renderTable} = await import('../render/index.js')
    if (flags.script) {
      const script = captureScript()
      return this.print(flags, {schema: 'ekspath.capture-script/1', script}, () => script)
    }
    if (flags['list-commands']) {
      const commands = CAPTURE_COMMANDS.map(({document, command, why, root}) => ({document, command, why, root}))
      return this.print(flags, {schema: 'ekspath.capture-commands/1', commands}, page =>
        renderTable(page, commandTable(commands)),
      )
    }
    if (output === undefined)
      throw new UsageError('Say where to write the capture: -o FILE.tar.gz, or -o FOLDER for plain files.')
    const {report, exitCode} = await captureNodes({
      ...flags,
      hosts: flags.ssh ?? [],
      output,
      version: this.config.version,
      onProgress: showProgress(process.stderr),
    })
    process.exitCode = exitCode
    await this.print({...flags, output: undefined}, report, page => renderTable(page, captureTable(report)))
  }
}
