import {Flags} from '@oclif/core'
import {
  BaseCommand,
  buildFlows,
  exitCodeOf,
  explainLines,
  flowFlags,
  loadSource,
  nameResolver,
  sourceFlags,
  withOutput,
} from '../cli/index.js'

export default class Explain extends BaseCommand {
  static override summary = 'Tell what the node does with a packet, and prove it line by line.'
  static override description =
    'Exit codes: 0 every outcome arrives, 1 some outcome does not, 2 wrong use, 3 the input cannot be read or the answer is undetermined, 4 collecting failed, 70 a bug. With --what-if the walk after the edits decides.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --src 192.168.7.62 --dst 10.100.0.10:53 --from sample:net410',
    '<%= config.bin %> <%= command.id %> --src default/web-0 --dst kube-system/kube-dns:dns',
    '<%= config.bin %> <%= command.id %> --src node --dst 8.8.8.8:443 --proto tcp --format markdown -o ticket.md',
    '<%= config.bin %> <%= command.id %> --from node.tar.gz --flows flows.jsonl --brief',
    '<%= config.bin %> <%= command.id %> --src default/web-0 --dst 8.8.8.8:443 --what-if "ip rule add from 10.0.5.77 lookup 2 priority 1536"',
  ]
  static override flags = {
    ...flowFlags,
    ...sourceFlags,
    flows: Flags.string({
      summary:
        'many flows: a file with one JSON flow a line, or - for standard input; one explanation a line comes out',
      helpGroup: 'SOURCE',
      helpValue: 'FILE',
      exclusive: Object.keys(flowFlags),
    }),
    'what-if': Flags.string({
      summary:
        'also explain on the node as it would be after a command: ip rule|route|link|addr, iptables, ip6tables, nft, sysctl, ipset or conntrack in ' +
        'its own syntax; several with ; or several flags. Nothing is run: the node stays as it is',
      helpGroup: 'WHAT IF',
      helpValue: 'COMMAND',
      multiple: true,
      multipleNonGreedy: true,
    }),
    format: Flags.string({
      summary: 'what to print',
      options: ['text', 'markdown', 'json'],
      default: 'text',
      helpGroup: 'OUTPUT',
    }),
    brief: Flags.boolean({summary: 'the answer without its steps and its reply', helpGroup: 'OUTPUT'}),
    misses: Flags.boolean({summary: 'also the rules that were tried and did not match, and why', helpGroup: 'OUTPUT'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Explain)
    const node = await loadSource(flags)
    const {flows: file} = flags
    const options = {brief: flags.brief, misses: flags.misses, whatIf: flags['what-if']}
    if (file !== undefined) {
      process.exitCode = await withOutput(flags.output, output => explainLines(node, file, output, options))
      return
    }
    const {identify} = await import('../eks/index.js')
    const {explainKnown} = await import('../explain/index.js')
    const {renderExplainMarkdown, renderExplainText} = await import('../render/index.js')
    const eks = identify(node)
    const report = explainKnown(eks, await buildFlows(flags, nameResolver(eks)), options)
    await this.print({...flags, json: flags.json || flags.format === 'json'}, report, page =>
      flags.format === 'markdown' ? renderExplainMarkdown(report) : renderExplainText(report, page),
    )
    process.exitCode = exitCodeOf(report)
  }
}
