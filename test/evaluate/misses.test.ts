import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {tinyNode} from '../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443, mark: 5}
const PING: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}

const DOCUMENTS = {
  'ipset-save.txt':
    'create web hash:ip family inet hashsize 64 maxelem 64\nadd web 1.1.1.1\ncreate all hash:ip family inet hashsize 64 maxelem 64\nadd all 8.8.8.8\n',
}

/** Why the one rule of FORWARD did not match. */
function missOf(match: string, flow: FlowWords): (string | undefined)[] {
  const node = tinyNode({filter: `-A FORWARD ${match} -j DROP`}, DOCUMENTS)
  return explainWords(node, flow, {misses: true}).explanation.outcomes.map(
    ({steps}) => steps?.find(({kind, chain}) => kind === 'chain-miss' && chain === 'FORWARD')?.effect,
  )
}

describe('--misses says why a rule did not match', () => {
  it.each([
    ['-s 10.1.0.0/16', OUT, 'source 10.0.9.9 against 10.1.0.0/16'],
    ['! -s 10.0.9.9/32', OUT, 'source 10.0.9.9 against not 10.0.9.9'],
    ['-s 10.0.0.1/255.0.0.255', OUT, 'source 10.0.9.9 against 10.0.0.1/255.0.0.255'],
    ['-d 1.1.1.1/32', OUT, 'destination 8.8.8.8 against 1.1.1.1'],
    ['-i eth+', OUT, 'in-interface veth0 against eth+'],
    ['! -o eth0', OUT, 'out-interface eth0 against not eth0'],
    ['-p udp', OUT, 'protocol tcp against udp'],
    ['-p tcp -m tcp --sport 1:2', OUT, 'source port 4000 against 1:2'],
    ['-p tcp -m tcp ! --dport 443', OUT, 'destination port 443 against not 443'],
    ['-m mark --mark 0x1/0xf', OUT, 'mark 0x5 against 0x1/0xf'],
    ['-m connmark --mark 0x1', OUT, 'connection mark 0x0 against 0x1'],
    ['-m connmark --mark 0x1', {...OUT, ctState: 'INVALID'}, 'connection mark none against 0x1'],
    ['-m conntrack --ctstate RELATED,ESTABLISHED', OUT, 'connection state NEW against RELATED,ESTABLISHED'],
    ['-m addrtype ! --dst-type UNICAST', OUT, 'type of the destination address 8.8.8.8 against not UNICAST'],
    ['-m addrtype --src-type LOCAL', OUT, 'type of the source address 10.0.9.9 against LOCAL'],
    ['-m set --match-set web dst', OUT, 'not in the ipset web'],
    ['-m set ! --match-set all dst', OUT, 'not outside the ipset all'],
    ['-p tcp -m tcp --tcp-flags SYN,ACK ACK', OUT, 'TCP flags 0x2 against 0x10 of 0x12'],
    ['-p icmp -m icmp --icmp-type 0', PING, 'ICMP 8/0 against 0'],
    ['-p icmp -m icmp ! --icmp-type any', PING, 'ICMP 8/0 against not any'],
    ['-m ttl --ttl-eq 9', OUT, 'ttl does not hold'],
    ['-m ttl ! --ttl-gt 9', OUT, 'not ttl does not hold'],
  ])('%s', (match, flow, expected) => {
    expect(missOf(match, flow)).toEqual([expected])
  })

  it('an open port that is decided against the rule', () => {
    expect(missOf('-p tcp -m tcp --dport 80', {...OUT, dport: null})).toEqual([
      undefined,
      'destination port open against 80',
    ])
    expect(missOf('-p tcp -m tcp --sport 80', {...OUT, sport: null})).toEqual([
      undefined,
      'source port open against 80',
    ])
  })

  it('the first match that fails is told', () => {
    expect(missOf('-p tcp -m mark --mark 0x6 -m ttl --ttl-eq 9', OUT)).toEqual(['mark 0x5 against 0x6'])
    // true ones and comments before it do not count
    expect(missOf('-s 10.0.9.9/32 -m comment --comment "x" -p udp', OUT)).toEqual(['protocol tcp against udp'])
  })

  it('are steps in their place, with rule and line; without --misses there are none', () => {
    const chain = Array.from({length: 20}, (_, i) => `-A FORWARD -d 1.1.1.${i}/32 -j DROP`).join('\n')
    const node = tinyNode({filter: `${chain}\n-A FORWARD -p tcp -j ACCEPT`})
    const steps = (misses: boolean) =>
      explainWords(node, OUT, {misses}).explanation.outcomes[0]?.steps?.filter(
        ({stage}) => stage === 'filter/FORWARD',
      ) ?? []
    expect(steps(true).map(({kind, rule}) => `${kind} ${rule}`)).toEqual([
      ...Array.from({length: 20}, (_, i) => `chain-miss ${i + 1}`),
      'chain-rule 21',
    ])
    expect(steps(true)[0]).toMatchObject({
      table: 'filter',
      chain: 'FORWARD',
      target: 'DROP',
      text: '-A FORWARD -d 1.1.1.0/32 -j DROP',
      source: {document: 'iptables-save.txt'},
    })
    expect(steps(false).map(({kind, rule}) => `${kind} ${rule}`)).toEqual(['chain-rule 21'])
  })
})
