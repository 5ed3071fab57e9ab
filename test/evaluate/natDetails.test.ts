import type {FlowWords} from '../support/explainFlow.js'
import {explainWords} from '../support/explainFlow.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {saveOf, tinyNode} from '../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const PING: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}

/** `→ 10.0.0.7:80` of DNAT, `10.0.0.2:4000 →` of SNAT. */
function translated(rule: string, flow: FlowWords = OUT): string[] {
  return outcomeLines(tinyNode({nat: rule}), flow)
    .split('\n')
    .map(line => line.replace(/^[^:]*: \S+ /, ''))
}

const dnat = (options: string, flow: FlowWords = OUT): string[] =>
  translated(`-A PREROUTING -p ${String(flow['proto'])} -j DNAT --to-destination ${options}`, flow).map(text =>
    text.replace(/.*→ /, ''),
  )
const snat = (options: string, flow: FlowWords = OUT): string[] =>
  translated(`-A POSTROUTING -p ${String(flow['proto'])} -j SNAT --to-source ${options}`, flow).map(text =>
    text.replace(/ →.*/, ''),
  )

describe('DNAT', () => {
  it.each([
    ['10.0.0.7', ['10.0.0.7:443']],
    ['10.0.0.7:80', ['10.0.0.7:80']],
    [':80', ['8.8.8.8:80']],
    ['10.0.0.7:80-90', ['10.0.0.7:80']],
    ['10.0.0.7:440-450', ['10.0.0.7:443']],
    ['10.0.0.7:440-441', ['10.0.0.7:440']],
    ['10.0.0.7:1000-1099/400', ['10.0.0.7:1043']],
    ['10.0.0.7:1000-1009/400', ['10.0.0.7:1003']],
    ['10.0.0.7:80 --random', ['10.0.0.7:80']],
    ['10.0.0.7:80-81 --random-fully', ['10.0.0.7:80', '10.0.0.7:81']],
    ['10.0.0.7:443-444 --random', ['10.0.0.7:443', '10.0.0.7:444']],
    ['10.0.0.7:1-64 --random', Array.from({length: 64}, (_, i) => `10.0.0.7:${i + 1}`)],
    ['10.0.0.7:1-65 --random', ['10.0.0.7:*']],
  ])('--to-destination %s', (options, expected) => {
    expect(dnat(options)).toEqual(expected)
  })

  it('of an open port', () => {
    const open = {...OUT, dport: null}
    expect(dnat('10.0.0.7:80', open)).toEqual(['10.0.0.7:80'])
    expect(dnat('10.0.0.7', open)).toEqual(['10.0.0.7:*'])
    expect(dnat('10.0.0.7:80-90', open)).toEqual(['10.0.0.7:*'])
    // what is left of it is known to the rules behind
    const node = tinyNode({
      nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:80-90',
      filter: '-A FORWARD -p tcp -m tcp --dport 91:65535 -j DROP',
    })
    expect(outcomeLines(node, open)).toMatch(/^forwarded/)
  })

  it('of a protocol without ports keeps to addresses', () => {
    expect(dnat('10.0.0.7', PING)).toEqual(['10.0.0.7'])
    expect(dnat('10.0.0.7', {...PING, proto: 'gre'})).toEqual(['10.0.0.7'])
  })

  it('that changes nothing still ends nat, and is no DNAT state', () => {
    const nat =
      '-A PREROUTING -p tcp -j DNAT --to-destination 8.8.8.8\n-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7'
    const node = tinyNode({nat, filter: '-A FORWARD -m conntrack --ctstate DNAT -j DROP'})
    expect(outcomeLines(node, OUT)).toBe('forwarded by eth0: tcp 10.0.9.9:4000 → 8.8.8.8:443')
    const effects = explainWords(node, OUT)
      .explanation.outcomes[0]?.steps?.filter(({target}) => target === 'DNAT')
      .map(({effect}) => effect)
    expect(effects).toEqual(['destination stays 8.8.8.8:443'])
  })

  it('the answer of a translated port has it back', () => {
    const node = tinyNode({nat: '-A PREROUTING -p tcp -j DNAT --to-destination :8443'})
    expect(explainWords(node, OUT).explanation.outcomes[0]?.reply?.packet).toMatchObject({
      src: '8.8.8.8',
      sport: 443,
      dst: '10.0.9.9',
      dport: 4000,
    })
  })
})

describe('SNAT', () => {
  it.each([
    ['10.0.0.2', ['10.0.0.2:4000']],
    ['10.0.0.2:5000', ['10.0.0.2:5000']],
    [':5000', ['10.0.9.9:5000']],
    ['10.0.0.2:3000-5000', ['10.0.0.2:4000']],
    ['10.0.0.2:5000-6000', ['10.0.0.2:*']],
    ['10.0.0.2 --random', ['10.0.0.2:*']],
    ['10.0.0.2:4000-4000 --random', ['10.0.0.2:4000']],
    // its own address is in the range: kept
    ['10.0.9.1-10.0.9.20', ['10.0.9.9:4000']],
    ['10.0.9.1-10.0.9.20:3000-5000', ['10.0.9.9:4000']],
  ])('--to-source %s', (options, expected) => {
    expect(snat(options)).toEqual(expected)
  })

  it('of an open port', () => {
    const open = {...OUT, sport: null}
    expect(snat('10.0.0.2', open)).toEqual(['10.0.0.2:*'])
    expect(snat('10.0.0.2:5000', open)).toEqual(['10.0.0.2:5000'])
    expect(snat('10.0.0.2 --random', open)).toEqual(['10.0.0.2:*'])
  })

  it('of protocols without ports', () => {
    expect(snat('10.0.0.2', PING)).toEqual(['10.0.0.2'])
    expect(snat('10.0.0.2 --random-fully', PING)).toEqual(['10.0.0.2'])
    expect(snat('10.0.0.2', {...PING, proto: 'gre'})).toEqual(['10.0.0.2'])
  })

  it('says what it did', () => {
    const effects = (rule: string): (string | undefined)[] =>
      explainWords(tinyNode({nat: rule}), OUT).explanation.outcomes.map(
        ({steps}) => steps?.find(({chain}) => chain === 'POSTROUTING')?.effect,
      )
    expect(effects('-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2')).toEqual([
      'source 10.0.9.9:4000 → 10.0.0.2:4000',
    ])
    expect(effects('-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2 --random')).toEqual([
      'source 10.0.9.9:4000 → 10.0.0.2 (random port)',
    ])
    expect(effects('-A POSTROUTING -p tcp -j SNAT --to-source 10.0.9.9')).toEqual(['source stays 10.0.9.9:4000'])
  })

  it('a drawn port is open to the answer, which goes back to the old one', () => {
    const node = tinyNode({nat: '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2 --random'})
    expect(explainWords(node, OUT).explanation.outcomes[0]?.reply?.packet).toMatchObject({dst: '10.0.9.9', dport: 4000})
  })
})

/** Addresses that a kernel gave: find_best_ips_proto hashes without a secret. fixtures/measured/trap-dnat-range-same-client and random nodes. */
describe('ranges of addresses', () => {
  it('spread over the range by source and destination, and stay inside it', () => {
    const chosen = Array.from(
      {length: 40},
      (_, i) => dnat('10.0.0.20-10.0.0.29', {...OUT, dst: `8.8.8.${i + 1}`})[0] ?? '',
    )
    for (const address of chosen) expect(address).toMatch(/^10\.0\.0\.2\d:443$/)
    expect(new Set(chosen).size).toBeGreaterThan(5)
  })

  it('--persistent looks at the client alone', () => {
    const chosen = Array.from(
      {length: 20},
      (_, i) => snat('10.0.0.20-10.0.0.99 --persistent', {...OUT, dst: `8.8.8.${i + 1}`})[0],
    )
    expect(new Set(chosen).size).toBe(1)
    const others = Array.from({length: 20}, (_, i) => snat('10.0.0.20-10.0.0.99', {...OUT, dst: `8.8.8.${i + 1}`})[0])
    expect(new Set(others).size).toBeGreaterThan(5)
  })

  it('IPv6', () => {
    const nat = {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 2001:db8::a0-2001:db8::af'}
    const node = tinyNode({}, {'ip6tables-save.txt': saveOf(nat, 'ip6tables-save')})
    const chosen = Array.from({length: 20}, (_, i) =>
      outcomeLines(node, {
        src: '2001:db8:9::9',
        dst: `2001:db8:ffff::${i + 1}`,
        proto: 'tcp',
        sport: 4000,
        dport: 443,
      }).replace(/.*→ /, ''),
    )
    for (const address of chosen) expect(address).toMatch(/^2001:db8::a[0-9a-f]:443$/)
    expect(new Set(chosen).size).toBeGreaterThan(3)
  })
})

describe('nat without a connection to write to', () => {
  it.each(['UNTRACKED', 'INVALID'])('%s packets pass nat chains untouched', ctState => {
    expect(
      outcomeLines(tinyNode({nat: '-A PREROUTING -j DROP\n-A POSTROUTING -j MASQUERADE'}), {...OUT, ctState}),
    ).toBe('forwarded by eth0: tcp 10.0.9.9:4000 → 8.8.8.8:443')
  })
})
