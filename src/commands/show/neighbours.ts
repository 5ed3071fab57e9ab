import {required, ShowCommand} from '../../cli/index.js'

export default class ShowNeighbours extends ShowCommand {
  static override summary = 'The neighbour table (ip neigh, arp -n).'
  static override examples = ['<%= config.bin %> <%= command.id %> --from node.tar.gz']

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowNeighbours)
    await this.show(flags, async ({state: node}) => {
      const {listNeighbours} = await import('../../explain/index.js')
      const {neighbourTable} = await import('../../render/index.js')
      const rows = required(listNeighbours(node), 'ip neigh show')
      return {schema: 'ekspath.show.neighbours/1', rows, table: neighbourTable(rows)}
    })
  }
}
