import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {tinyNode} from '../support/tinyNode.js'

const OPEN: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp'}

/** `dropped if the destination port is 80`, one an outcome; rules are of the original direction. */
function branches(filter: string, flow: FlowWords = OPEN, documents: Record<string, string> = {}): string[] {
  const lines = filter.replace(/^-A FORWARD /gm, '-A FORWARD -i veth0 ')
  return explainWords(tinyNode({filter: lines}, documents), flow).explanation.outcomes.map(
    ({disposition, conditions}) => [disposition, ...conditions].join(' '),
  )
}

describe('a port that is not given', () => {
  it('branches where a rule asks for it', () => {
    expect(branches('-A FORWARD -p tcp -m tcp --dport 80 -j DROP')).toEqual([
      'dropped if the destination port is 80',
      'forwarded unless the destination port is 80',
    ])
    expect(branches('-A FORWARD -p tcp -m tcp --sport 1:1023 -j DROP')).toEqual([
      'dropped if the source port is 1–1023',
      'forwarded unless the source port is 1–1023',
    ])
    expect(branches('-A FORWARD -p tcp -m tcp ! --dport 80 -j DROP')).toEqual([
      'forwarded if the destination port is 80',
      'dropped unless the destination port is 80',
    ])
  })

  it('is remembered: what is left of it decides the next rule', () => {
    expect(
      branches('-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT\n-A FORWARD -p tcp -m tcp --dport 80 -j DROP'),
    ).toEqual(['forwarded if the destination port is 80', 'forwarded unless the destination port is 80'])
    expect(
      branches('-A FORWARD -p tcp -m tcp --dport 0:1023 -j DROP\n-A FORWARD -p tcp -m tcp --dport 1024:65535 -j DROP'),
    ).toEqual(['dropped if the destination port is 0–1023', 'dropped unless the destination port is 0–1023'])
    expect(
      branches(
        '-A FORWARD -p tcp -m tcp --dport 0:100 -j RETURN\n-A FORWARD -p tcp -m tcp --dport 50:60 -j DROP\n-A FORWARD -p tcp -m tcp --dport 200 -j DROP',
      ),
    ).toEqual([
      'forwarded if the destination port is 0–100',
      'dropped unless the destination port is 0–100 if the destination port is 200',
      'forwarded unless the destination port is 0–100 unless the destination port is 200',
    ])
  })

  it('branches nothing where the rest of the rule is false', () => {
    expect(branches('-A FORWARD -d 1.1.1.1/32 -p tcp -m tcp --dport 80 -j DROP')).toEqual(['forwarded'])
    expect(branches('-A FORWARD -p tcp -m tcp --dport 80 -m mark --mark 0x1 -j DROP')).toEqual(['forwarded'])
  })

  it('multiport branches port by port', () => {
    expect(branches('-A FORWARD -p tcp -m multiport --dports 80,443 -j DROP')).toEqual([
      'dropped if the destination port is 80',
      'dropped unless the destination port is 80 if the destination port is 443',
      'forwarded unless the destination port is 80 unless the destination port is 443',
    ])
    expect(branches('-A FORWARD -p tcp -m multiport --ports 80 -j DROP', {...OPEN, dport: 80})).toEqual(['dropped'])
    expect(branches('-A FORWARD -p tcp -m multiport --ports 80 -j DROP', {...OPEN, dport: 81})).toEqual([
      'dropped if the source port is 80',
      'forwarded unless the source port is 80',
    ])
    expect(branches('-A FORWARD -p tcp -m multiport ! --dports 0:65535 -j DROP')).toEqual(['forwarded'])
  })

  it('SCTP and UDP as TCP; ICMP has none', () => {
    expect(branches('-A FORWARD -p sctp -m sctp --dport 80 -j DROP', {...OPEN, proto: 'sctp'})).toHaveLength(2)
    expect(branches('-A FORWARD -p udp -m udp --dport 80 -j DROP', {...OPEN, proto: 'udp'})).toHaveLength(2)
    expect(branches('-A FORWARD -p udp -m udp --dport 80 -j DROP', {...OPEN, proto: 'icmp'})).toEqual(['forwarded'])
  })

  it('in a policy rule branches as well, there and on the way back', () => {
    const rules = (selector: string): Record<string, string> => ({
      'ip-rule.txt': `0: from all lookup local\n100: from all ${selector} prohibit\n32766: from all lookup main\n32767: from all lookup default`,
    })
    expect(branches('', OPEN, rules('dport 443'))).toEqual([
      'unroutable if the destination port is 443',
      // its answer goes to that port, and meets the rule there
      'forwarded unless the destination port is 443 if the source port is 443',
      'forwarded unless the destination port is 443 unless the source port is 443',
    ])
    expect(branches('', {...OPEN, sport: 9, dport: 80}, rules('dport 443'))).toEqual(['forwarded'])
    expect(branches('', {...OPEN, proto: 'icmp'}, rules('dport 443'))).toEqual(['forwarded'])
    expect(branches('', {...OPEN, dport: 80, sport: 9}, rules('sport 9'))).toEqual(['unroutable'])
  })

  it('a long chain is searched by address and port without losing its order', () => {
    const many = Array.from(
      {length: 30},
      (_, i) => `-A FORWARD -d 8.8.8.8/32 -p tcp -m tcp --dport ${1000 + i} -j DROP`,
    )
    const chain = (...lines: string[]): string => [...many, ...lines].join('\n')
    expect(branches(chain(), {...OPEN, dport: 1029})).toEqual(['dropped'])
    expect(branches(chain(), {...OPEN, dport: 1030})).toEqual(['forwarded'])
    expect(branches(chain('-A FORWARD -p tcp -m tcp --dport 443 -j DROP'), {...OPEN, dport: 443})).toEqual(['dropped'])
    expect(branches(chain('-A FORWARD -p tcp -m tcp ! --dport 443 -j DROP'), {...OPEN, dport: 444})).toEqual([
      'dropped',
    ])
    expect(branches(chain('-A FORWARD ! -d 8.8.8.8/32 -j DROP'), {...OPEN, dst: '8.8.4.4', dport: 1})).toEqual([
      'dropped',
    ])
    expect(branches(chain('-A FORWARD -d 8.8.0.0/16 -j DROP'), {...OPEN, dst: '8.8.4.4', dport: 1})).toEqual([
      'dropped',
    ])
    expect(branches(`-A FORWARD -j ACCEPT\n${chain()}`, {...OPEN, dport: 1029})).toEqual(['forwarded'])
    expect(branches(chain(), OPEN)).toHaveLength(31)
    const ports = Array.from({length: 30}, (_, i) => `-A FORWARD -p tcp -m tcp --dport ${1000 + i} -j DROP`).join('\n')
    expect(branches(ports, {...OPEN, dport: 1015})).toEqual(['dropped'])
    expect(branches(ports, OPEN)).toHaveLength(31)
  })
})

describe('the length of the packet', () => {
  it.each([
    [OPEN, '0:39', '40'],
    [{...OPEN, proto: 'udp'}, '0:27', '28'],
    [{...OPEN, proto: 'icmp'}, '0:27', '28'],
    [{...OPEN, proto: 'sctp'}, '0:31', '32'],
    [{...OPEN, proto: 'gre'}, '0:19', '20'],
  ])('%j is never in %s, and may be %s', (flow, never, may) => {
    expect(branches(`-A FORWARD -m length --length ${never} -j DROP`, flow)).toEqual(['forwarded'])
    expect(branches(`-A FORWARD -m length --length ${may} -j DROP`, flow)).toHaveLength(2)
  })

  it('is remembered', () => {
    expect(
      branches('-A FORWARD -m length --length 1000:65535 -j ACCEPT\n-A FORWARD -m length --length 900:65535 -j DROP'),
    ).toEqual([
      'forwarded if the packet is 1000–65535 bytes long',
      'dropped unless the packet is 1000–65535 bytes long if the packet is 900–65535 bytes long',
      'forwarded unless the packet is 1000–65535 bytes long unless the packet is 900–65535 bytes long',
    ])
  })
})
