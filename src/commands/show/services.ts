import {Flags} from '@oclif/core'
import {familyFlag, ofFamily, required, ShowCommand, type Shown, unknownName} from '../../cli/index.js'
import type {ShowServicesReport} from '../../model/index.js'

export default class ShowServices extends ShowCommand {
  static override summary =
    'The services of kube-proxy, and of IPVS: addresses, chains or schedulers, endpoints with their pods and shares.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from sample:net410',
    '<%= config.bin %> <%= command.id %> --service kube-system/kube-dns --from sample:net410',
  ]
  static override flags = {
    family: familyFlag,
    service: Flags.string({
      summary: 'only this service, or this port of it',
      helpGroup: 'FILTER',
      helpValue: 'NAMESPACE/NAME[:PORT]',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ShowServices)
    const {service, family} = flags
    await this.show(flags, async eks => {
      const {listServices} = await import('../../explain/index.js')
      const {renderServiceText, serviceTable} = await import('../../render/index.js')
      const all = required(listServices(eks), 'iptables-save')
      const rows = all.filter(row => service === undefined || isOf(row.service, service))
      if (service !== undefined && rows.length === 0) {
        const names = all.map(row => row.service)
        throw unknownName('--service', 'service', service, [...new Set(names)])
      }
      const ofIt = ofFamily(rows, family)
      const screen: Shown['screen'] = (page, report) => renderServiceText(report as ShowServicesReport, page)
      return {schema: 'ekspath.show.services/1', rows: ofIt, table: serviceTable(ofIt), screen}
    })
  }
}

function isOf(fullName: string, wanted: string): boolean {
  return fullName === wanted || fullName.startsWith(`${wanted}:`)
}
