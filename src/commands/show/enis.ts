import {ShowCommand} from '../../cli/index.js'

export default class ShowEnis extends ShowCommand {
  static override summary = 'The ENIs of the node: role, interface, routing table and addresses of each.'
  static override examples = ['<%= config.bin %> <%= command.id %> --from sample:net410']

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowEnis)
    await this.show(flags, async eks => {
      const {listEnis} = await import('../../explain/index.js')
      const {eniTable} = await import('../../render/index.js')
      const rows = listEnis(eks)
      return {schema: 'ekspath.show.enis/1', rows, table: eniTable(rows)}
    })
  }
}
