import {ShowCommand} from '../../cli/index.js'
import type {ShowNodeReport} from '../../model/index.js'

export default class ShowNode extends ShowCommand {
  static override summary =
    'What the node is, on one screen: versions with the lines that prove them, ENIs, pods, settings, and what the capture lacks.'
  static override examples = ['<%= config.bin %> <%= command.id %> --from sample:net410']

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowNode)
    await this.show(flags, async eks => {
      const {listNodeFacts} = await import('../../explain/index.js')
      const {nodeFactTable, renderNodeText} = await import('../../render/index.js')
      const rows = listNodeFacts(eks)
      return {
        schema: 'ekspath.show.node/1',
        rows,
        table: nodeFactTable(rows),
        screen: (page, report) => renderNodeText(report as ShowNodeReport, page),
      }
    })
  }
}
