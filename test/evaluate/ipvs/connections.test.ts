import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {outcomeLines} from '../../support/outcomeLines.js'
import {tinyNode} from '../../support/tinyNode.js'

const SAVE = `
  -A -t 10.0.0.2:80 -s rr
  -a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 1
  -a -t 10.0.0.2:80 -r 10.0.0.21:8080 -m -w 0
  -A -t 10.0.0.2:81 -s rr -p 300 -M 255.255.255.0
  -a -t 10.0.0.2:81 -r 10.0.0.20:8080 -m -w 1
  -a -t 10.0.0.2:81 -r 10.0.0.21:8080 -m -w 1
  -A -f 7 -s rr -p 300
  -a -f 7 -r 10.0.0.20:0 -m -w 1
  -a -f 7 -r 10.0.0.21:0 -m -w 1`
const HEADER = 'IPVS connection entries\npro expire state       source             virtual            destination\n'
const TRACKED =
  'tcp      6 86399 ESTABLISHED src=10.0.9.9 dst=10.0.0.2 sport=40000 dport=80 src=10.0.0.21 dst=10.0.9.9 sport=8080 dport=40000 [ASSURED] mark=0 use=1\n'
/** Anything that asks for tracking. */
const TRACKING = {filter: '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT'}

const FLOW: FlowWords = {src: '10.0.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 40000, dport: 80}
const ACK = {...FLOW, tcpFlags: 'ACK'}
const TO_A = 'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.20:8080'
const TO_B = 'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.21:8080'
const UNMOVED = 'tcp 10.0.9.9:40000 → 10.0.0.2:80'

function answer(
  flow: FlowWords,
  connections: readonly string[] | null,
  sysctl = '',
  more: Record<string, string> = {},
): string {
  const listed =
    connections === null ? {} : {'ipvsadm-connections.txt': HEADER + connections.map(line => `${line}\n`).join('')}
  const settings = `net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = 1\n${sysctl}`
  return outcomeLines(tinyNode(TRACKING, {'ipvsadm-save.txt': SAVE, 'sysctl.txt': settings, ...listed, ...more}), flow)
}

describe('an existing connection decides', () => {
  const known = (state: string, real = '10.0.0.21') => [
    `TCP 14:57  ${state.padEnd(11)} 10.0.9.9:40000     10.0.0.2:80        ${real}:8080`,
  ]
  it.each<[string, string]>([
    ['its server is drained', answer(ACK, known('ESTABLISHED'))],
    ['a SYN over it, and reuse is off', answer(FLOW, known('TIME_WAIT'), 'net.ipv4.vs.conn_reuse_mode = 0\n')],
    ['a SYN over one that is open', answer(FLOW, known('ESTABLISHED'))],
  ])('%s', (_, got) => {
    expect(got).toBe(TO_B)
  })

  it('not another one of the client', () => {
    expect(answer({...ACK, sport: 40001}, known('ESTABLISHED'))).toBe('delivered: tcp 10.0.9.9:40001 → 10.0.0.2:80')
  })

  it.each<[string, string]>([
    ['a SYN over one that is over', answer(FLOW, known('TIME_WAIT'))],
    ['a SYN over one to a drained server', answer(FLOW, known('ESTABLISHED'), 'net.ipv4.vs.expire_nodest_conn = 1\n')],
    [
      'a SYN over one to a server that is gone',
      answer(FLOW, known('ESTABLISHED', '10.0.0.99'), 'net.ipv4.vs.expire_nodest_conn = 1\n'),
    ],
  ])('%s is scheduled anew', (_, got) => {
    expect(got).toBe(TO_A)
  })

  it('its server is gone: silence', () => {
    expect(answer(ACK, known('ESTABLISHED', '10.0.0.99'), 'net.ipv4.vs.expire_nodest_conn = 0\n')).toBe(
      `dropped (IPVS_DROPPED): ${UNMOVED}`,
    )
  })

  it('conntrack has the old one yet: the SYN is lost', () => {
    const sysctl = 'net.ipv4.vs.expire_nodest_conn = 1\n'
    expect(answer(FLOW, known('ESTABLISHED'), sysctl, {'conntrack.txt': TRACKED})).toBe(
      `dropped (IPVS_DROPPED): ${UNMOVED}`,
    )
  })

  it("conntrack's entry names the server where IPVS is not listed", () => {
    expect(answer(ACK, null, '', {'conntrack.txt': TRACKED})).toBe(TO_B)
  })

  it('nothing lists it: both', () => {
    expect(answer(ACK, null)).toBe([`if if ${TO_A}`, `if if ${TO_B}`, `unless delivered: ${UNMOVED}`].join('\n'))
  })
})

describe('an answer', () => {
  const REPLY: FlowWords = {
    src: '10.0.0.21',
    dst: '10.0.9.9',
    proto: 'tcp',
    sport: 8080,
    dport: 40000,
    tcpFlags: 'SYN,ACK',
    iif: 'eth0',
  }
  const BACK = 'forwarded by veth0: tcp 10.0.0.2:80 → 10.0.9.9:40000'
  it.each<[string, string]>([
    [
      'of a listed connection',
      answer(REPLY, ['TCP 14:57  SYN_RECV    10.0.9.9:40000     10.0.0.2:80        10.0.0.21:8080']),
    ],
    ['of a connection of conntrack', answer(REPLY, null, '', {'conntrack.txt': TRACKED})],
  ])('%s gets the virtual address back', (_, got) => {
    expect(got).toBe(BACK)
  })

  it('of none stays as it is', () => {
    expect(answer(REPLY, [])).toBe('forwarded by veth0: tcp 10.0.0.21:8080 → 10.0.9.9:40000')
  })
})

describe('persistence', () => {
  const template = (client: string, virtual: string, real: string, protocol = 'TCP') =>
    `${protocol.padEnd(3)} 04:10  NONE        ${client}:0         ${virtual}        ${real}`
  const TO_81 = {...FLOW, dport: 81}
  it.each<[string, readonly string[], readonly string[]]>([
    ['a template of the client decides', [template('10.0.9.0', '10.0.0.2:81', '10.0.0.21:8080')], [TO_B]],
    [
      'one of another client does not',
      [template('10.0.8.0', '10.0.0.2:81', '10.0.0.21:8080')],
      [`50 % by ${TO_A}`, `50 % by ${TO_B}`],
    ],
    [
      'one of a server that is gone does not',
      [template('10.0.9.0', '10.0.0.2:81', '10.0.0.99:8080')],
      [`50 % by ${TO_A}`, `50 % by ${TO_B}`],
    ],
  ])('%s', (_, connections, expected) => {
    expect(answer(TO_81, connections)).toBe(expected.join('\n'))
  })

  it('of a service by mark', () => {
    const connections = [template('10.0.9.9', '0.0.0.7:0', '10.0.0.21:0', 'IP')]
    expect(answer({...FLOW, mark: 7, dport: 8443}, connections)).toBe(
      'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.21:8443 mark 0x7',
    )
  })
})

describe('ways to the real server', () => {
  const one = (options: string, flow: FlowWords = FLOW, real = '10.0.0.20:80', name = '-t 10.0.0.2:80', more = '') =>
    explainWords(
      tinyNode({}, {'ipvsadm-save.txt': `-A ${name} -s rr${more}\n-a ${name} -r ${real} ${options} -w 1\n`}),
      flow,
    ).explanation.outcomes[0]!
  const WIRE: FlowWords = {...FLOW, src: '9.9.9.9', iif: 'eth0'}

  it('direct routing: as it is, by the next hop', () => {
    expect(one('-g')).toMatchObject({
      disposition: 'forwarded',
      packet: {dst: '10.0.0.2', dport: 80},
      egress: {interface: 'eth0', nextHop: '10.0.0.20'},
    })
  })

  it('direct routing, by a gateway', () => {
    expect(one('-g', FLOW, '10.7.7.7:80').egress).toMatchObject({nextHop: '10.0.0.1'})
  })

  it('direct routing: the server answers a stranger by itself; to a client behind the node the answer is a spoof', () => {
    expect(one('-g', WIRE).reply).toBeNull()
    expect(one('-g').reply).toMatchObject({disposition: 'dropped', reason: 'MARTIAN_SOURCE'})
  })

  it.each([
    ['-i', {proto: 'ipencap', sport: null, dport: null}],
    ['-i --tun-type gue --tun-port 6080', {proto: 'udp', dport: 6080}],
    ['-i --tun-type gre', {proto: 'gre'}],
  ])('tunnel %s', (options, packet) => {
    const outcome = one(options, WIRE)
    expect(outcome).toMatchObject({
      disposition: 'forwarded',
      packet: {src: '10.0.0.2', dst: '10.0.0.20', ...packet},
      egress: {nextHop: '10.0.0.20'},
      reply: null,
    })
  })

  it('a server on the node: delivered, translated where it masquerades', () => {
    expect(one('-m', FLOW, '10.0.1.2:8080')).toMatchObject({
      disposition: 'delivered',
      packet: {dst: '10.0.1.2', dport: 8080},
      reply: {packet: {src: '10.0.0.2', sport: 80}},
    })
    expect(one('-g', FLOW, '10.0.1.2:80')).toMatchObject({disposition: 'delivered', packet: {dst: '10.0.0.2'}})
    expect(one('-m', FLOW, '127.0.0.1:8080')).toMatchObject({disposition: 'dropped', reason: 'IPVS_DROPPED'})
  })

  it('one packet a time: the answer keeps the address of the real server', () => {
    const outcome = one('-m', {...FLOW, proto: 'udp'}, '10.0.0.20:53', '-u 10.0.0.2:80', ' -o')
    expect(outcome).toMatchObject({packet: {dst: '10.0.0.20'}, reply: {packet: {src: '10.0.0.20', sport: 53}}})
  })

  it('by mark, whatever the port', () => {
    expect(one('-m', {...FLOW, mark: 9, dport: 1234}, '10.0.0.20:0', '-f 9')).toMatchObject({
      packet: {dst: '10.0.0.20', dport: 1234},
    })
    expect(one('-m', {...FLOW, mark: 8, dport: 1234}, '10.0.0.20:0', '-f 9')).toMatchObject({disposition: 'delivered'})
  })

  it('all ports of an address, persistent', () => {
    expect(one('-m', {...FLOW, dport: 1234}, '10.0.0.20:0', '-t 10.0.0.2:0', ' -p 60')).toMatchObject({
      packet: {dst: '10.0.0.20', dport: 1234},
    })
  })

  it("FTP's other connections follow a persistent service, and are the node's without", () => {
    expect(one('-m', {...FLOW, dport: 20}, '10.0.0.20:21', '-t 10.0.0.2:21', ' -p 60')).toMatchObject({
      packet: {dst: '10.0.0.20', dport: 20},
    })
    expect(one('-m', {...FLOW, dport: 20}, '10.0.0.20:21', '-t 10.0.0.2:21')).toMatchObject({disposition: 'delivered'})
    expect(one('-m', {...FLOW, sport: 20})).toMatchObject({disposition: 'delivered'})
  })

  it('an open port is told apart', () => {
    const node = tinyNode({}, {'ipvsadm-save.txt': SAVE})
    const lines = outcomeLines(node, {src: '10.0.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 40000}).split('\n')
    expect(lines).toContain('if forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.20:8080')
    expect(lines).toContain('unless unless delivered: tcp 10.0.9.9:40000 → 10.0.0.2:*')
  })

  it.each([
    ['no route', '-t 10.0.0.2:80', {'ip-route.txt': '10.0.9.9 dev veth0 scope link\n'}, 'unroutable (NO_ROUTE)'],
    [
      'counters alone',
      '',
      {
        'ipvsadm-save.txt':
          'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n  -> RemoteAddress:Port\nTCP  10.0.0.2:80    0        0        0        0        0\n  -> 10.0.0.20:8080   0        0        0        0        0\n',
      },
      'undetermined (MISSING_INPUT)',
    ],
    [
      'a server that cannot be read',
      '',
      {'ipvsadm-save.txt': '-A -t 10.0.0.2:80 -s rr\n-a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w many\n'},
      'undetermined (MISSING_INPUT)',
    ],
  ])('%s', (_, name, documents: Record<string, string>, expected) => {
    const node = tinyNode(
      {},
      {'ipvsadm-save.txt': `-A ${name} -s rr\n-a ${name} -r 10.0.0.20:8080 -m -w 1\n`, ...documents},
    )
    expect(outcomeLines(node, FLOW)).toContain(expected)
  })

  it('a service that cannot be read may be the one', () => {
    const node = tinyNode({}, {'ipvsadm-save.txt': '-A -t 10.0.0.2:80 -s rr --frobnicate\n'})
    expect(outcomeLines(node, FLOW)).toBe(
      [
        'unless undetermined (MISSING_INPUT): tcp 10.0.9.9:40000 → 10.0.0.2:80',
        'if delivered: tcp 10.0.9.9:40000 → 10.0.0.2:80',
      ].join('\n'),
    )
  })
})

describe('hooks', () => {
  const node = (rules: Parameters<typeof tinyNode>[0]) =>
    tinyNode(rules, {'ipvsadm-save.txt': '-A -t 10.0.0.2:80 -s rr\n-a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 1\n'})
  it.each<[string, Parameters<typeof tinyNode>[0], string]>([
    [
      'filter INPUT stands before',
      {filter: '-A INPUT -j DROP'},
      'dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 10.0.0.2:80',
    ],
    ['nat INPUT stands behind', {nat: '-A INPUT -j SNAT --to-source 10.0.0.77'}, TO_A],
    ['FORWARD does not see it', {filter: '-A FORWARD -j DROP'}, TO_A],
    [
      'filter OUTPUT sees it, with its real server',
      {filter: '-A OUTPUT -d 10.0.0.20/32 -j DROP'},
      `dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 10.0.0.20:8080`,
    ],
    [
      'raw OUTPUT too',
      {raw: '-A OUTPUT -d 10.0.0.20/32 -j DROP'},
      'dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 10.0.0.20:8080',
    ],
    [
      'no device it came in by',
      {mangle: '-A OUTPUT -o eth0 -j DROP'},
      'dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 10.0.0.20:8080',
    ],
    ['nat OUTPUT is not asked again', {nat: '-A OUTPUT -j DNAT --to-destination 10.0.0.99'}, TO_A],
    [
      'POSTROUTING masquerades',
      {nat: '-A POSTROUTING -o eth0 -j MASQUERADE'},
      'forwarded by eth0: tcp 10.0.0.2:40000 → 10.0.0.20:8080',
    ],
    ['it is no DNAT for conntrack', {filter: '-A OUTPUT -m conntrack --ctstate DNAT -j DROP'}, TO_A],
    [
      'PREROUTING DNAT to a virtual address leads there',
      {nat: '-A PREROUTING -d 10.0.0.2/32 -p tcp --dport 443 -j DNAT --to-destination 10.0.0.2:80'},
      TO_A,
    ],
  ])('%s', (_, rules, expected) => {
    const flow = rules?.nat?.includes('--dport 443') === true ? {...FLOW, dport: 443} : FLOW
    expect(outcomeLines(node(rules), flow)).toBe(expected)
  })

  it('an answer of what PREROUTING had translated before comes from where it was asked', () => {
    const rules = {nat: '-A PREROUTING -d 10.0.0.2/32 -p tcp --dport 443 -j DNAT --to-destination 10.0.0.2:80'}
    const {outcomes} = explainWords(node(rules), {...FLOW, dport: 443}).explanation
    expect(outcomes[0]?.reply?.packet).toMatchObject({src: '10.0.0.2', sport: 443})
  })
})
