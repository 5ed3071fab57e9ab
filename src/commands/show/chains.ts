import {Flags} from '@oclif/core'
import {familyFlag, ofFamily, ofTable, required, ShowCommand, unknownName} from '../../cli/index.js'

export default class ShowChains extends ShowCommand {
  static override summary =
    'Everything in each hook in the order in which it runs (iptables, nftables, IPVS), or the rules of one chain.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --table nat --from sample:net410',
    '<%= config.bin %> <%= command.id %> --chain KUBE-SERVICES --from sample:net410',
  ]
  static override flags = {
    family: familyFlag,
    table: Flags.string({summary: 'only this table', helpGroup: 'FILTER', helpValue: 'TABLE'}),
    chain: Flags.string({summary: 'the rules of this chain', helpGroup: 'FILTER', helpValue: 'CHAIN'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowChains)
    const {table, chain, family} = flags
    await this.show(flags, async ({state: node}) => {
      const {listChainRules, listChains} = await import('../../explain/index.js')
      const {chainRuleTable, chainTable} = await import('../../render/index.js')
      const chains = required(listChains(node), 'iptables-save')
      if (chain === undefined) {
        const rows = ofFamily(ofTable(chains, table), family)
        return {schema: 'ekspath.show.chains/1', rows, table: chainTable(rows)}
      }
      if (!chains.some(row => row.chain === chain))
        throw unknownName(
          '--chain',
          'chain',
          chain,
          chains.map(row => row.chain),
        )
      const rows = ofFamily(listChainRules(node, chain), family).filter(
        row => table === undefined || row.table === table,
      )
      return {schema: 'ekspath.show.chain/1', rows, table: chainRuleTable(rows)}
    })
  }
}
