import {Flags} from '@oclif/core'
import {BaseCommand, EXIT, failsAudit, loadSource, sourceFlags} from '../cli/index.js'

export default class Audit extends BaseCommand {
  static override summary =
    'Find what is wrong with a node: each finding with its lines, a packet that shows it, and the repair.'
  static override description =
    'Exit codes: 0 nothing found, 1 a finding of the severity of --fail-on or worse, 2 wrong use, 3 the input cannot be read, 4 collecting failed, 70 a bug.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from sample:net410',
    '<%= config.bin %> <%= command.id %> --ssh ec2-user@10.0.0.1 --fail-on warning --format junit -o audit.xml',
  ]
  static override flags = {
    ...sourceFlags,
    format: Flags.string({
      summary: 'what to print',
      options: ['text', 'markdown', 'json', 'junit'],
      default: 'text',
      helpGroup: 'OUTPUT',
    }),
    'fail-on': Flags.string({
      summary: 'the mildest severity that makes the exit code 1',
      options: ['error', 'warning', 'info', 'never'],
      helpGroup: 'OUTPUT',
      default: 'error',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Audit)
    const node = await loadSource(flags)
    const {identify} = await import('../eks/index.js')
    const {auditNode, listChecks} = await import('../explain/index.js')
    const {renderAuditJunit, renderAuditMarkdown, renderAuditText} = await import('../render/index.js')
    const report = auditNode(identify(node))
    const fails = failsAudit(flags['fail-on'])
    await this.print({...flags, json: flags.json || flags.format === 'json'}, report, page => {
      if (flags.format === 'junit') return renderAuditJunit(report, listChecks(), fails)
      return flags.format === 'markdown' ? renderAuditMarkdown(report) : renderAuditText(report, page)
    })
    process.exitCode = report.findings.some(fails) ? EXIT.lost : EXIT.arrives
  }
}
