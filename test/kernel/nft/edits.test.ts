import {spawnSync} from 'node:child_process'
import {applyEdits} from '../../../src/edit/index.js'
import type {NodeState} from '../../../src/model/index.js'
import {CHAIN_EDITS, ELEMENT_EDITS, LISTING, REFUSED, RULE_EDITS} from '../../edit/nftEdits.js'
import {nodeFrom} from '../../support/nodeFrom.js'
import {plainRules} from '../../support/plainRules.js'
import {describeKernel} from '../lab/describeKernel.js'
import {Namespace} from '../lab/namespace.js'

/** Commands that nft takes, and of which nothing is known here; and what the edit asks of the capture alone. */
const OURS = /^nft$|^nft list|frob$|dport http|ip filter FORWARD|add counter/

describeKernel('edits of nftables', () => {
  let namespace: Namespace
  beforeAll(() => {
    namespace = new Namespace(`ek${process.pid}-edits`)
  })
  afterAll(() => namespace.delete())

  function reload(): NodeState {
    namespace.run('nft', ['flush', 'ruleset'])
    namespace.run('nft', ['-f', '-'], LISTING.replace(/ # handle \d+/g, '').replace(/# Warning[^]*$/, ''))
    return list()
  }

  function list(): NodeState {
    return nodeFrom({'nft-ruleset.txt': namespace.run('nft', ['-a', 'list', 'ruleset'])})
  }

  /** The handles that the kernel gave are not those of the text. */
  function withHandles(command: string): string {
    return command.replace(/(handle|position) (\d+)/g, (_, word: string, handle: string) => {
      const rule = new RegExp(`^\\s*(.*) # handle ${handle}$`, 'gm')
      const texts = [...LISTING.matchAll(rule)].flatMap(([, text = '']) => (/\{$|^chain/.test(text) ? [] : [text]))
      const listing = namespace.run('nft', ['-a', 'list', 'ruleset']).split('\n')
      const found = texts.flatMap(text => listing.filter(line => line.trim().startsWith(`${text} # handle`)))
      return `${word} ${/handle (\d+)$/.exec(found[0] ?? '')?.[1] ?? handle}`
    })
  }

  it.each([...RULE_EDITS, ...CHAIN_EDITS, ...ELEMENT_EDITS].map(([edit]) => edit))('%s', edit => {
    const before = reload()
    const command = withHandles(edit)
    namespace.run('sh', ['-e', '-c', command])
    expect(plainRules(applyEdits(before, [command]).state.nft?.tables ?? [])).toEqual(
      plainRules(list().nft?.tables ?? []),
    )
  })

  it.each(REFUSED.map(([edit]) => edit).filter(edit => !OURS.test(edit)))('is refused by nft too: %s', edit => {
    reload()
    const {status} = spawnSync('ip', ['netns', 'exec', namespace.name, 'sh', '-e', '-c', withHandles(edit)])
    expect(status).not.toBe(0)
  })
})
