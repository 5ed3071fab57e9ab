import type {Counter, Evidence} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {setting} from '../known.js'
import {readSnatChain} from '../snatChain.js'
import {replaceRule, RESTART_CNI} from '../repairs.js'

const NAME = 'AWS_VPC_K8S_CNI_RANDOMIZESNAT'

export const portsNotRandom: Check = {
  code: 'EKS209',
  severity: 'warning',
  title: 'Translated connections compete for ports',
  meaning:
    'Without `--random-fully` the kernel tries to keep the source port. Two packets that are translated at the same moment choose the same one, and the second is dropped when ' +
    'its connection is entered (insert_failed): DNS over UDP then waits five seconds for its next try.',
  signature:
    'The rule "AWS, SNAT" has neither `--random` nor `--random-fully`, and `conntrack -S` counts failed insertions; or ipamd says that ports are drawn at random and the ' +
    "rule does not. Needs `iptables-save`, and `conntrack -S` or ipamd's settings.",
  remedy: `Set ${NAME}=prng (\`kubectl -n kube-system set env daemonset aws-node ${NAME}=prng\`), or upgrade the CNI to 1.5.7 or later: it writes the rule again as it starts.`,
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1246',
  find: findCompeting,
}

function* findCompeting({eks}: AuditedNode): Generator<Fault> {
  const {state} = eks
  const snat = state.iptables.map(ruleset => readSnatChain(ruleset)?.snat).find(rule => rule != null)
  if (snat?.target.kind !== 'snat' || snat.target.flags.random || snat.target.flags.fullyRandom) return
  const failed = (state.conntrackCounters ?? []).filter(({name, value}) => name === 'insert_failed' && value > 0n)
  const wanted = ['1', '2'].includes(setting(state, NAME) ?? '') ? state.ipamd?.environment.get(NAME) : undefined
  if (failed.length === 0 && wanted === undefined) return
  const evidence: Evidence[] = [snat, ...(wanted === undefined ? [] : [wanted]), ...failed]
  yield {
    text:
      failed.length === 0
        ? `${NAME} asks for random ports, and the rule that translates does not draw any.`
        : `The rule that translates does not draw ports at random, and ${sum(failed)} connections could not be entered.`,
    evidence,
    repair: [replaceRule(state, 'nat', snat, words => `${words} --random-fully`) ?? RESTART_CNI],
  }
}

function sum(counters: readonly Counter[]): bigint {
  return counters.reduce((total, {value}) => total + value, 0n)
}
