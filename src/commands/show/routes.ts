import {Flags} from '@oclif/core'
import {familyFlag, ofFamily, ofTable, required, ShowCommand} from '../../cli/index.js'

export default class ShowRoutes extends ShowCommand {
  static override summary = 'The routes of all tables, or of one.'
  static override examples = ['<%= config.bin %> <%= command.id %> --table 2 --from sample:net410']
  static override flags = {
    family: familyFlag,
    table: Flags.string({summary: 'only this table, by name or number', helpGroup: 'FILTER', helpValue: 'TABLE'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowRoutes)
    await this.show(flags, async ({state: node}) => {
      const {listRoutes} = await import('../../explain/index.js')
      const {routeTable} = await import('../../render/index.js')
      const rows = ofFamily(ofTable(required(listRoutes(node), 'ip route show table all'), flags.table), flags.family)
      return {schema: 'ekspath.show.routes/1', rows, table: routeTable(rows)}
    })
  }
}
