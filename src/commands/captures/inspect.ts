import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/index.js'

export default class CapturesInspect extends BaseCommand {
  static override summary =
    'Tell what a capture holds: documents, collector, versions, back ends; what is missing, and what that costs an answer.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> node.tar.gz',
    '<%= config.bin %> <%= command.id %> sample:net410',
  ]
  static override args = {
    capture: Args.string({
      description: 'folder, archive, file, - for standard input, or sample:net410',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CapturesInspect)
    const {inspectNode} = await import('../../node/index.js')
    const {inspectReport} = await import('../../explain/index.js')
    const {renderInspectText} = await import('../../render/index.js')
    const report = inspectReport(await inspectNode(args.capture))
    await this.print(flags, report, page => renderInspectText(report, page))
  }
}
