import {familyFlag, ofFamily, required, ShowCommand} from '../../cli/index.js'

export default class ShowRules extends ShowCommand {
  static override summary = 'The routing policy database (ip rule), in the order in which the kernel asks.'
  static override examples = ['<%= config.bin %> <%= command.id %> --from sample:net410']
  static override flags = {family: familyFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowRules)
    await this.show(flags, async ({state: node}) => {
      const {listRules} = await import('../../explain/index.js')
      const {ruleTable} = await import('../../render/index.js')
      const rows = ofFamily(required(listRules(node), 'ip rule show'), flags.family)
      return {schema: 'ekspath.show.rules/1', rows, table: ruleTable(rows)}
    })
  }
}
