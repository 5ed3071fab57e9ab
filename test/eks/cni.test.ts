import {describe, expect, it} from '@jest/globals'
import {formatRange, identify, versionRange} from '../../src/eks/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

const nat = (...rules: string[]): string =>
  ['*nat', ':PREROUTING ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ':AWS-SNAT-CHAIN-0 - [0:0]']
    .concat(
      ':AWS-SNAT-CHAIN-1 - [0:0]',
      ':AWS-CONNMARK-CHAIN-0 - [0:0]',
      ':AWS-CONNMARK-CHAIN-1 - [0:0]',
      rules,
      'COMMIT',
      '',
    )
    .join('\n')
const JUMP = '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0'
const CASCADE = '-A AWS-SNAT-CHAIN-0 ! -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-1'
const FLAT = '-A AWS-SNAT-CHAIN-0 -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN'
const OUT = '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections"'
const CONNMARK = '-j AWS-CONNMARK-CHAIN-0'

describe('inferCniVersion', () => {
  it.each([
    [
      '≤ 1.2',
      nat(
        '-A POSTROUTING ! -d 10.0.0.0/16 -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.1.5',
      ),
    ],
    ['1.3 – 1.5', nat(JUMP.replace('CHAIN"', 'CHAN"'), CASCADE.replace('CHAIN"', 'CHAN"'))],
    ['1.6 – 1.16.1', nat(JUMP, CASCADE)],
    [
      '1.7 – 1.16.1',
      nat(
        JUMP,
        CASCADE,
        '-A AWS-SNAT-CHAIN-1 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.1.5',
      ),
    ],
    ['1.8 – 1.12.0', nat(JUMP, CASCADE, `${OUT} -m state --state NEW ${CONNMARK}`)],
    ['1.12.1 – 1.16.1', nat(JUMP, CASCADE, `${OUT} ${CONNMARK}`)],
    ['≥ 1.16.2', nat(JUMP, FLAT, `${OUT} ${CONNMARK}`)],
    [
      '≥ 1.23',
      nat(JUMP, FLAT, '-A AWS-CONNMARK-CHAIN-0 -d 10.0.0.0/16 -m comment --comment "AWS CONNMARK CHAIN" -j RETURN'),
    ],
  ])('reads %s from iptables', (text, save) => {
    expect(identify(nodeFrom({'iptables-save.txt': save})).cni?.value.text).toBe(text)
  })

  it.each([
    ['1.3 – 1.7', '1536:	from 10.0.1.61 to 10.0.0.0/16 lookup 2'],
    ['≥ 1.7', '10:	from all iif vlan.eth.1 lookup 101'],
    ['≥ 1.7', '20:	from all lookup local'],
    ['≥ 1.12.6', '1535:	from all to 203.0.113.0/24 lookup main'],
    ['≥ 1.20', '32765:	from 10.0.2.20 lookup 2'],
  ])('reads %s from a policy rule', (text, rule) => {
    expect(identify(nodeFrom({'ip-rule.txt': `0:	from all lookup local\n${rule}\n`})).cni?.value.text).toBe(text)
  })

  it('reads ≥ 1.23 from a table of nftables', () => {
    const nft = 'table ip aws-cni {\n\tchain snat-mark {\n\t}\n}\n'
    expect(identify(nodeFrom({'nft-ruleset.txt': nft})).cni?.value.text).toBe('≥ 1.23')
  })

  it('does not take the rules of networkd for those of the CNI', () => {
    const rules = '0:	from all lookup local\n32765:	from 10.0.2.20 lookup 10001 proto static\n'
    expect(identify(nodeFrom({'ip-rule.txt': rules})).cni).toBeNull()
  })

  it('names both where one version left traces of another', () => {
    const node = nodeFrom({
      'iptables-save.txt': nat(JUMP, FLAT),
      'ip-rule.txt': '0:	from all lookup local\n1536:	from 10.0.1.61 to 10.0.0.0/16 lookup 2\n',
    })
    expect(identify(node).cni?.value).toMatchObject({range: null, text: '1.3 – 1.7 or ≥ 1.6 or ≥ 1.16.2'})
  })
})

describe('versionRange', () => {
  it.each(['1.3 – 1.5', '1.20.3 – 1.21', '1.22', '≥ 1.12.6', '≤ 1.16.1', '≥ 1.0'])('%s', text => {
    expect(formatRange(versionRange(text))).toBe(text)
  })

  it('refuses what is none', () => {
    expect(() => versionRange('latest')).toThrow(RangeError)
  })
})
