import {ShowCommand} from '../../cli/index.js'

export default class ShowPods extends ShowCommand {
  static override summary = 'The pods of the node: address, veth, ENI and routing table of each.'
  static override examples = ['<%= config.bin %> <%= command.id %> --from sample:net410']

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowPods)
    await this.show(flags, async eks => {
      const {listPods} = await import('../../explain/index.js')
      const {podTable} = await import('../../render/index.js')
      const rows = listPods(eks)
      return {schema: 'ekspath.show.pods/1', rows, table: podTable(rows)}
    })
  }
}
