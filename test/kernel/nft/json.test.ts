import type {NodeSpec} from '../lab/nodeSpec.js'
import {parseNftRuleset} from '../../../src/parse/index.js'
import {plainRules} from '../../support/plainRules.js'
import {describeKernel} from '../lab/describeKernel.js'
import {Namespace} from '../lab/namespace.js'
import {restoreNft} from '../lab/restoreNft.js'
import {KINDS} from '../random/kinds.js'
import {NATIVE} from './scenarios.js'

/** Of each kind; more by `EKSPATH_KERNEL_SEEDS`, as for random nodes. */
const SEEDS = process.env['EKSPATH_KERNEL_SEEDS'] ?? '1-3'

/** nft 1.0.6 prints the flags of a dormant table as what happens to be in its memory. */
const WITHOUT_FLAGS = /^add .* inet asleep .*\n/gm

/** What its JSON does not say, or says otherwise: the devices of a chain are missing, and a plain `reject` has its type. */
function comparable(listing: string): unknown {
  const rules = plainRules(parseNftRuleset({name: 'nft', text: listing}).value.tables)
  const said = JSON.stringify(rules)
    .replace(/"devices":(null|\[[^\]]*\])/g, '"devices":null')
    .replace(/\{"kind":"icmp(v6|x)?","code":"port-unreachable"\}/g, '{"kind":"default"}')
  return JSON.parse(said)
}

const random = ['nft4', 'nft6'].flatMap(kind => {
  const [first = 1, last = first] = SEEDS.split('-').map(Number)
  return Array.from({length: last - first + 1}, (_, i) => ({
    name: `${kind} --seed ${first + i}`,
    node: KINDS[kind]?.(first + i, 1).spec as NodeSpec,
  }))
})

describeKernel('nft -j says what nft says in text', () => {
  it.each([...random, ...NATIVE.filter(({node}) => node.nft?.includes('flags dormant') !== true)])(
    '$name',
    ({node: {links, nft = ''}}) => {
      const namespace = new Namespace(`ek${process.pid}-json`)
      try {
        namespace.ip(links.filter(({name}) => name !== 'lo').map(({name}) => `link add ${name} type veth`))
        restoreNft(namespace, nft.replace(WITHOUT_FLAGS, ''))
        const text = namespace.run('nft', ['-a', 'list', 'ruleset'])
        expect(comparable(namespace.run('nft', ['-j', '-a', 'list', 'ruleset']))).toEqual(comparable(text))
      } finally {
        namespace.delete()
      }
    },
  )
})
