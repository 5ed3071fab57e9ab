import {Flags} from '@oclif/core'
import {required, ShowCommand} from '../../cli/index.js'

export default class ShowMarks extends ShowCommand {
  static override summary =
    'Who sets, saves, restores and tests each mark, in the order in which packets meet the rules.'
  static override description =
    'Rules of both backends of iptables, native nftables and ip rule. Bits that some rule treats together are one mark.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from sample:net410',
    '<%= config.bin %> <%= command.id %> --mark 0x80 --from sample:net410',
  ]
  static override flags = {
    mark: Flags.string({summary: 'only rules about these bits', helpGroup: 'FILTER', helpValue: 'MARK'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowMarks)
    await this.show(flags, async eks => {
      const {listMarks, readMark} = await import('../../explain/index.js')
      const {markTable} = await import('../../render/index.js')
      const wanted = flags.mark === undefined ? null : readMark('--mark', flags.mark)
      const rows = required(listMarks(eks), 'iptables-save').filter(
        ({mark}) => wanted === null || (Number(mark) & wanted) !== 0,
      )
      return {schema: 'ekspath.show.marks/1', rows, table: markTable(rows)}
    })
  }
}
