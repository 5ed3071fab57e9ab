import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {tinyNode} from '../support/tinyNode.js'

const TCP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const NEIGHBOUR = {'ip-neigh.txt': '10.0.9.9 dev veth0 lladdr ee:00:00:00:00:99 REACHABLE'}

/** Is the packet in the set that `add` lines make: true, false, or open. */
function member(
  create: string,
  entries: string,
  directions: string,
  flow: FlowWords = TCP,
  more: Record<string, string> = {},
): string {
  const lines = [
    `create s ${create}`,
    ...entries
      .split(';')
      .filter(text => text !== '')
      .map(text => `add s ${text.trim()}`),
  ]
  const sets = {'ipset-save.txt': [...lines, ''].join('\n'), ...NEIGHBOUR, ...more}
  const text = outcomeLines(
    tinyNode(
      {
        filter: `-A FORWARD -i veth0 -m set --match-set s ${directions} -j DROP\n-A INPUT -m set --match-set s ${directions} -j DROP`,
      },
      sets,
    ),
    flow,
  )
  return text.includes('\n') ? 'open' : text.startsWith('dropped') ? 'true' : 'false'
}

const HASH = 'family inet hashsize 1024 maxelem 65536'

describe('ipset', () => {
  it.each([
    [`hash:ip ${HASH}`, '8.8.8.8', 'dst', 'true'],
    [`hash:ip ${HASH}`, '8.8.8.8', 'src', 'false'],
    [`hash:ip ${HASH}`, '10.0.9.9', 'src', 'true'],
    [`hash:net ${HASH}`, '8.8.0.0/16', 'dst', 'true'],
    [`hash:net ${HASH}`, '8.8.0.0/16; 8.8.8.0/24 nomatch', 'dst', 'false'],
    [`hash:net ${HASH}`, '8.8.0.0/16 nomatch; 8.8.8.0/24', 'dst', 'true'],
    [`hash:net ${HASH}`, '', 'dst', 'false'],
    [`hash:ip,port ${HASH}`, '8.8.8.8,tcp:443', 'dst,dst', 'true'],
    [`hash:ip,port ${HASH}`, '8.8.8.8,udp:443', 'dst,dst', 'false'],
    [`hash:ip,port ${HASH}`, '8.8.8.8,tcp:444', 'dst,dst', 'false'],
    [`hash:ip,port ${HASH}`, '10.0.9.9,tcp:4000', 'src,src', 'true'],
    [`hash:ip,port ${HASH}`, '10.0.9.9,tcp:443', 'src,dst', 'true'],
    // too few directions for the dimensions; those beyond them are not looked at
    [`hash:ip,port ${HASH}`, '8.8.8.8,tcp:443', 'dst', 'false'],
    [`hash:ip ${HASH}`, '8.8.8.8', 'dst,src', 'true'],
    [`hash:ip ${HASH}`, '8.8.8.8', 'src,dst', 'false'],
    // --return-nomatch asks for the exceptions, and is not heeded by types that have none
    [`hash:net ${HASH}`, '8.8.0.0/16; 8.8.8.0/24 nomatch', 'dst --return-nomatch', 'true'],
    [`hash:net ${HASH}`, '8.8.0.0/16', 'dst --return-nomatch', 'false'],
    [`hash:ip ${HASH}`, '8.8.8.8', 'dst --return-nomatch', 'true'],
    [`hash:ip,port ${HASH}`, '8.8.8.8,tcp:443', 'dst,dst --return-nomatch', 'true'],
    [`hash:ip,port,ip ${HASH}`, '8.8.8.8,tcp:443,10.0.9.9', 'dst,dst,src', 'true'],
    [`hash:ip,port,net ${HASH}`, '8.8.8.8,tcp:443,10.0.0.0/8', 'dst,dst,src', 'true'],
    [`hash:net,net ${HASH}`, '10.0.0.0/8,8.0.0.0/8', 'src,dst', 'true'],
    // the first net decides which is the most specific, then the second
    [`hash:net,net ${HASH}`, '10.0.0.0/8,8.8.8.0/24; 10.0.9.0/24,8.0.0.0/8 nomatch', 'src,dst', 'false'],
    [`hash:net,net ${HASH}`, '10.0.0.0/8,8.8.8.0/24 nomatch; 10.0.9.0/24,8.0.0.0/8', 'src,dst', 'true'],
    [`hash:net,net ${HASH}`, '10.0.9.0/24,8.0.0.0/8; 10.0.9.0/24,8.8.0.0/16 nomatch', 'src,dst', 'false'],
    [`hash:net,net ${HASH}`, '10.0.9.0/24,8.0.0.0/8 nomatch; 10.0.9.0/24,8.8.0.0/16', 'src,dst', 'true'],
    [`hash:net,net ${HASH}`, '10.0.9.0/24,8.8.0.0/16; 10.0.9.0/24,8.0.0.0/8 nomatch', 'src,dst', 'true'],
    [
      `hash:net,port,net ${HASH}`,
      '10.0.0.0/8,tcp:443,8.8.8.0/24; 10.0.9.0/24,tcp:443,8.0.0.0/8 nomatch',
      'src,dst,dst',
      'false',
    ],
    [`hash:net,port ${HASH}`, '8.0.0.0/8,tcp:443', 'dst,dst', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,veth0', 'src,src', 'true'],
    [`hash:net,iface ${HASH}`, '8.8.8.0/24,eth0', 'dst,dst', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,veth1', 'src,src', 'false'],
    ['hash:mac hashsize 1024 maxelem 65536', 'EE:00:00:00:00:99', 'src', 'true'],
    ['hash:mac hashsize 1024 maxelem 65536', 'EE:00:00:00:00:98', 'src', 'false'],
    ['hash:mac hashsize 1024 maxelem 65536', 'EE:00:00:00:00:99', 'dst', 'false'],
    ['hash:mac hashsize 1024 maxelem 65536', '0E:00:00:00:00:99', 'dst', 'true'],
    [`hash:ip,mac ${HASH}`, '10.0.9.9,EE:00:00:00:00:99', 'src,src', 'true'],
    [`hash:ip,mac ${HASH}`, '8.8.8.8,EE:00:00:00:00:99', 'dst,src', 'true'],
    [`hash:ip,mac ${HASH}`, '10.0.9.9,EE:00:00:00:00:99', 'src', 'false'],
    [`hash:ip,mark ${HASH} markmask 0x000000ff`, '8.8.8.8,0x00000005', 'dst,src', 'false'],
    ['bitmap:port range 0-65535', '443', 'dst', 'true'],
    ['bitmap:port range 0-65535', '443', 'src', 'false'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.8', 'dst', 'true'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.9', 'dst', 'false'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.8-8.8.8.9', 'dst', 'true'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.7-8.8.8.8', 'dst', 'true'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.9-8.8.8.10', 'dst', 'false'],
    ['bitmap:ip range 8.8.8.0-8.8.8.255', '8.8.8.6-8.8.8.7', 'dst', 'false'],
    // the most specific net that holds the address decides, with all of its interfaces
    [`hash:net,iface ${HASH}`, '10.0.0.0/8,veth0; 10.0.9.0/24,eth0', 'src,src', 'false'],
    [`hash:net,iface ${HASH}`, '10.0.0.0/8,eth0; 10.0.9.0/24,veth0', 'src,src', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,eth0; 10.0.9.0/24,veth0', 'src,src', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.0.0/8,veth0; 10.0.8.0/24,eth0', 'src,src', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,vet wildcard', 'src,src', 'true'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,th0 wildcard', 'src,src', 'false'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,vet', 'src,src', 'false'],
    [`hash:net,iface ${HASH}`, '10.0.9.0/24,physdev:veth0', 'src,src', 'open'],
    // a set of the other family
    ['hash:ip family inet6 hashsize 1024 maxelem 65536', '::1', 'dst', 'false'],
  ])('%s with %s asked for %s: %s', (create, entries, directions, expected) => {
    expect(member(create, entries, directions)).toBe(expected)
  })

  it('hash:ip,mark compares under the mask of the set', () => {
    const marked = {...TCP, mark: 0xf05}
    expect(member(`hash:ip,mark ${HASH} markmask 0x000000ff`, '8.8.8.8,0x00000005', 'dst,src', marked)).toBe('true')
    expect(member(`hash:ip,mark ${HASH}`, '8.8.8.8,0x00000005', 'dst,src', marked)).toBe('false')
    expect(member(`hash:ip,mark ${HASH}`, '8.8.8.8,0x00000f05', 'dst,src', marked)).toBe('true')
  })

  it('ports: ICMP by type and code in hash sets, none in bitmaps; protocols without ports nowhere', () => {
    const ping = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,icmp:echo-request', 'dst,dst', ping)).toBe('true')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,icmp:echo-reply', 'dst,dst', ping)).toBe('false')
    const error = {...ping, icmpType: 3, icmpCode: 1}
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,icmp:3/1', 'dst,dst', error)).toBe('true')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,icmp:3/2', 'dst,dst', error)).toBe('false')
    expect(member('bitmap:port range 0-65535', '443', 'dst', {...TCP, proto: 'sctp'})).toBe('false')
    expect(member('bitmap:port range 0-65535', '443', 'dst', {...TCP, proto: 'udp'})).toBe('true')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,sctp:443', 'dst,dst', {...TCP, proto: 'sctp'})).toBe('true')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,tcp:443', 'dst,dst', {...ping, proto: 'gre'})).toBe('false')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,dccp:0', 'dst,dst', {...TCP, proto: 'dccp'})).toBe('true')
  })

  it('an open port is in or not, one that cannot be in is not', () => {
    const open = {...TCP, dport: null}
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,tcp:443', 'dst,dst', open)).toBe('open')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.9,tcp:443', 'dst,dst', open)).toBe('false')
    expect(member(`hash:ip,port ${HASH}`, '8.8.8.8,udp:443', 'dst,dst', open)).toBe('false')
  })

  it('a MAC that no neighbour table tells is in or not', () => {
    expect(
      member('hash:mac hashsize 1024 maxelem 65536', 'EE:00:00:00:00:99', 'src', TCP, {
        'ip-neigh.txt': '10.0.0.1 dev eth0 lladdr 0a:00:00:00:00:01 REACHABLE',
      }),
    ).toBe('open')
  })

  it('a frame to a group may be addressed to everybody, or to the device', () => {
    const group = {...TCP, proto: 'udp', dst: '224.0.0.1'}
    expect(member('hash:mac hashsize 1024 maxelem 65536', '0E:00:00:00:00:99', 'dst', group)).toBe('open')
  })

  it('what NAT made of a packet is another question to a set that no listing shows', () => {
    const node = tinyNode({
      mangle: '-A PREROUTING -i veth0 -m set --match-set s dst -j MARK --set-mark 1',
      nat: '-A PREROUTING -i veth0 -d 8.8.8.8 -j DNAT --to-destination 9.9.9.9',
      filter: '-A FORWARD -i veth0 -m set --match-set s dst -j DROP',
    })
    const {outcomes} = explainWords(node, TCP).explanation
    expect(outcomes.map(({conditions}) => conditions.join(', '))).toEqual(
      ['if', 'unless'].flatMap(before =>
        ['if', 'unless'].map(
          after =>
            `${before} the packet is in the ipset \`s\` (dst), ${after} the packet (10.0.9.9 → 9.9.9.9) is in the ipset \`s\` (dst)`,
        ),
      ),
    )
  })

  it('what came back over lo bears no MAC', () => {
    const own = {src: '10.0.0.2', dst: '10.0.1.2', proto: 'udp', sport: 4000, dport: 53}
    expect(member('hash:mac hashsize 1024 maxelem 65536', 'EE:00:00:00:00:99', 'src', own)).toBe('false')
  })

  it('a device that the hook does not have is in no set: no out device in INPUT', () => {
    const inward = {src: '10.0.9.9', dst: '10.0.0.2', proto: 'udp'}
    expect(member(`hash:net,iface ${HASH}`, '10.0.0.0/8,eth0', 'dst,dst', inward)).toBe('false')
    expect(member(`hash:net,iface ${HASH}`, '10.0.0.0/8,veth0', 'src,src', inward)).toBe('true')
  })

  it('a list is asked member by member', () => {
    const list = (members: string): string => {
      const text = `create a hash:ip ${HASH}\nadd a 1.1.1.1\ncreate b hash:ip,port ${HASH}\nadd b 8.8.8.8,tcp:443\ncreate l list:set size 8\n${members}\n`
      const node = tinyNode(
        {filter: '-A FORWARD -i veth0 -m set --match-set l dst,dst -j DROP'},
        {'ipset-save.txt': text},
      )
      const lines = outcomeLines(node, TCP)
      return lines.includes('\n') ? 'open' : lines.startsWith('dropped') ? 'true' : 'false'
    }
    expect(list('add l a\nadd l b')).toBe('true')
    expect(list('add l a')).toBe('false')
    expect(list('add l a\nadd l gone')).toBe('open')
    expect(list('add l gone\nadd l b')).toBe('true')
  })
})
