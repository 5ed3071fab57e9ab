import fc from 'fast-check'
import {formatAddress, parseAddress} from '../../../src/net/index.js'
import type {IpvsService} from '../../../src/model/index.js'
import {parseIpvs, settleIpvs} from '../../../src/parse/index.js'

const read = (text: string) => parseIpvs({name: 'ipvs', text})
const address = (text: string) => parseAddress(text)!

function settle(...texts: string[]) {
  return settleIpvs(texts.flatMap(text => read(text).value.listings))
}

/** `6 10.100.0.1:443 rr → masquerade 10.0.1.9:6443 w1`, what an answer depends on. */
function lines(services: readonly IpvsService[] | null): string[] {
  return (services ?? []).flatMap(service => {
    const {frontend, persistence} = service
    const name =
      frontend.kind === 'mark'
        ? `mark ${frontend.mark}`
        : `${frontend.protocol} ${formatAddress(frontend.address)} ${frontend.port}`
    const options = [
      service.scheduler,
      ...service.schedulerFlags,
      ...(persistence === null ? [] : [`persistent ${persistence.timeout}/${persistence.clientBits}`]),
      ...(service.onePacket ? ['ops'] : []),
      ...(service.persistenceEngine === null ? [] : [service.persistenceEngine]),
      ...(service.kernelOrder ? ['in order'] : []),
      ...(service.unread === null ? [] : ['unread']),
    ]
    return [
      `v${service.family} ${name} ${options.join(' ')}`,
      ...service.destinations.map(
        ({address: real, port, method, weight, active, inactive, upperThreshold, lowerThreshold, tunnel}) =>
          `  ${formatAddress(real)} ${port} ${method} w${weight} ${active}+${inactive} ${upperThreshold}-${lowerThreshold} ${tunnel.type}${tunnel.port === 0 ? '' : tunnel.port}`,
      ),
    ]
  })
}

const SAVE = `-A -t 10.100.0.1:443 -s rr
-a -t 10.100.0.1:443 -r 10.0.1.9:6443 -m -w 1
-a -t 10.100.0.1:443 -r 10.0.2.9:6443 -m -w 0 -x 100 -y 80
-A -u 10.100.0.10:53 -s sh -p 10800 -M 255.255.255.0 --pe sip -o -b sh-fallback,sh-port
-A --sctp-service [fd00:100::1]:3868 -s wrr -p 60 -M 64
-a --sctp-service [fd00:100::1]:3868 -r [2001:db8::9]:3868 -g -w 3
-A -f 7 -s wlc
-a -f 7 -r 10.0.3.3:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-A -f 8 -6 -s mh
`

const LIST = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.100.0.1:443 rr persistent 10800 mask 255.255.0.0
  -> 10.0.1.9:6443                Masq    1      3          12
  -> 10.0.2.9:6443                Masq    0      0          0
UDP  10.100.0.10:53 rr persistent 300 pe sip ops
TCP  [fd00:100::1]:443 sh (sh-fallback,sh-port)
  -> [2001:db8::9]:443            Route   1      0          0
FWM  7 wlc
  -> 10.0.3.3:0                   Tunnel  1      0          0
FWM  8 IPv6 rr
`

const PROC = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A640001:01BB rr persistent 10800 FFFF0000
  -> 0A000209:192B      Masq    0      0          0
  -> 0A000109:192B      Masq    1      3          12
UDP  0A64000A:0035 rr ops
TCP  [fd00:0100:0000:0000:0000:0000:0000:0001]:01BB sh persistent 300 80000000
  -> [2001:0db8:0000:0000:0000:0000:0000:0009]:01BB      Route   1      0          0
FWM  00000007 wlc
  -> 0A000303:0000      Tunnel  1      0          0
`

describe('services', () => {
  it('of a save', () => {
    expect(lines(settle(SAVE).services)).toEqual([
      'v4 6 10.100.0.1 443 rr',
      '  10.0.1.9 6443 masquerade w1 null+null 0-0 ipip',
      '  10.0.2.9 6443 masquerade w0 null+null 100-80 ipip',
      'v4 17 10.100.0.10 53 sh sh-fallback sh-port persistent 10800/24 ops sip',
      'v6 132 fd00:100::1 3868 wrr persistent 60/64',
      '  2001:db8::9 3868 route w3 null+null 0-0 ipip',
      'v4 mark 7 wlc',
      '  10.0.3.3 0 tunnel w1 null+null 0-0 gue6080',
      'v6 mark 8 mh',
    ])
    expect(read(SAVE).diagnostics).toEqual([])
  })

  it('of a list', () => {
    expect(lines(settle(LIST).services)).toEqual([
      'v4 6 10.100.0.1 443 rr persistent 10800/16',
      '  10.0.1.9 6443 masquerade w1 3+12 0-0 ipip',
      '  10.0.2.9 6443 masquerade w0 0+0 0-0 ipip',
      'v4 17 10.100.0.10 53 rr persistent 300/32 ops sip',
      'v6 6 fd00:100::1 443 sh sh-fallback sh-port',
      '  2001:db8::9 443 route w1 0+0 0-0 ipip',
      'v4 mark 7 wlc',
      '  10.0.3.3 0 tunnel w1 0+0 0-0 ipip',
      'v6 mark 8 rr',
    ])
    expect(read(LIST).diagnostics).toEqual([])
  })

  it("of the kernel's own file, in the kernel's order", () => {
    expect(lines(settle(PROC).services)).toEqual([
      'v4 6 10.100.0.1 443 rr persistent 10800/16 in order',
      '  10.0.2.9 6443 masquerade w0 0+0 0-0 ipip',
      '  10.0.1.9 6443 masquerade w1 3+12 0-0 ipip',
      'v4 17 10.100.0.10 53 rr ops in order',
      'v6 6 fd00:100::1 443 sh persistent 300/128 in order',
      '  2001:db8::9 443 route w1 0+0 0-0 ipip',
      'v4 mark 7 wlc in order',
      '  10.0.3.3 0 tunnel w1 0+0 0-0 ipip',
    ])
    expect(read(PROC).diagnostics).toEqual([])
  })

  it.each([
    [
      '--tun columns',
      '  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\nTCP  10.0.0.1:80 wlc\n  -> 10.0.3.3:80  Tunnel  gue:6080:csum 1      0          0\n  -> 10.0.3.4:80  Masq                  2      0          0\n',
      ['v4 6 10.0.0.1 80 wlc', '  10.0.3.3 80 tunnel w1 0+0 0-0 gue6080', '  10.0.3.4 80 masquerade w2 0+0 0-0 ipip'],
    ],
    ['a save of old with ops in words', '-A -u 10.0.0.1:53 -s rr ops\n', ['v4 17 10.0.0.1 53 rr ops']],
    [
      'defaults of ipvsadm',
      '-A -t 10.0.0.1:80 -p\n-a -t 10.0.0.1:80 -r 10.0.0.2:80\n',
      ['v4 6 10.0.0.1 80 wlc persistent 300/32', '  10.0.0.2 80 route w1 null+null 0-0 ipip'],
    ],
    [
      'long options',
      '--add-service --tcp-service 10.0.0.1:80 --scheduler rr\n--add-server --tcp-service 10.0.0.1:80 --real-server 10.0.0.2:80 --masquerading --weight 5\n',
      ['v4 6 10.0.0.1 80 rr', '  10.0.0.2 80 masquerade w5 null+null 0-0 ipip'],
    ],
    [
      'servers behind other services',
      '-A -t 10.0.0.1:80 -s rr\n-A -t 10.0.0.1:81 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n',
      ['v4 6 10.0.0.1 80 rr', '  10.0.0.2 80 masquerade w1 null+null 0-0 ipip', 'v4 6 10.0.0.1 81 rr'],
    ],
    [
      'a service by mark and IPv6 servers in /proc',
      PROC.split('\n').slice(0, 3).join('\n') +
        '\nFWM  00000008 rr \n  -> [2001:0db8:0000:0000:0000:0000:0000:0009]:0000      Masq    1      0          0\n',
      ['v6 mark 8 rr in order', '  2001:db8::9 0 masquerade w1 0+0 0-0 ipip'],
    ],
  ])('%s', (_, text, expected) => {
    expect(read(text).diagnostics).toEqual([])
    expect(lines(settle(text).services)).toEqual(expected)
  })

  it('of counters alone have addresses and no more', () => {
    const rate = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port
TCP  10.100.0.1:443                      0        0        0        0        0
  -> 10.0.1.9:6443                       0        0        0        0        0
`
    expect(read(rate).diagnostics).toEqual([])
    expect(lines(settle(rate).services)).toEqual([
      'v4 6 10.100.0.1 443 ',
      '  10.0.1.9 6443 null wnull null+null 0-0 ipip',
    ])
  })

  it.each([
    ['no services', LIST.split('\n').slice(0, 3).join('\n'), []],
    [
      'a kernel without ip_vs',
      "Can't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n",
      [],
    ],
    ['rights', "Can't initialize ipvs: Permission denied (you must be root)\n", null],
    ['no tool', 'ipvsadm not installed\n', null],
    ['nothing', '', null],
  ])('%s', (_, text, expected) => {
    expect(settle(text).services).toEqual(expected)
  })
})

describe('several listings', () => {
  it('complete each other, and the order is that of /proc', () => {
    expect(lines(settle(SAVE, PROC).services).slice(0, 3)).toEqual([
      'v4 6 10.100.0.1 443 rr in order',
      '  10.0.2.9 6443 masquerade w0 0+0 100-80 ipip',
      '  10.0.1.9 6443 masquerade w1 3+12 0-0 ipip',
    ])
  })

  it('give names their numbers, line by line', () => {
    const named = `-A -t ip-10-0-0-5.eu-west-1.compute.internal:https -s rr
-a -t ip-10-0-0-5.eu-west-1.compute.internal:https -r db.example:frobnicate -m -w 1
-A -t gateway.example:31080 -s lc
`
    const numbered = `Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port
TCP  10.0.0.5:443                      0        0        0        0        0
  -> 10.0.1.9:6443                       0        0        0        0        0
TCP  10.0.0.6:31080                      0        0        0        0        0
`
    expect(settle(named, numbered).unresolved).toEqual([])
    expect(lines(settle(named, numbered).services)).toEqual([
      'v4 6 10.0.0.5 443 rr',
      '  10.0.1.9 6443 masquerade w1 null+null 0-0 ipip',
      'v4 6 10.0.0.6 31080 lc',
    ])
    // a listing of another moment gives nothing
    const other = numbered.replace('10.0.0.5', '10.0.0.4')
    expect(settle(named, other).unresolved.map(({source}) => source.line)).toEqual([2, 3])
    expect(settle(named, other).unread.map(({source}) => source.line)).toEqual([3])
    expect(lines(settle(named, other).services)).toEqual(['v4 6 10.0.0.5 443 rr unread'])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['-A -t 10.0.0.1:80 -s rr --frobnicate\n', 'UNPARSED_LINE', 1],
    ['-A -t 10.0.0.1:80 -s rr -p x -M 1.2.3\n', 'UNPARSED_LINE', 1],
    ['-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n', 'UNPARSED_LINE', 1],
    ['hello\n', 'UNPARSED_LINE', 0],
    ['-A -t 10.0.0.1:80 -s rr\n-A -t 10.0.0.2:80 -s', 'TRUNCATED', 1],
    [LIST + 'TCP  10.0.0.1:80 rr persistent\n', 'UNPARSED_LINE', 1],
    [
      'IPVS connection entries\npro expire state source virtual destination\nTCP 14:57 ESTABLISHED 10.0.3.40:39888 [2001:db8::1]:443 10.0.1.9:6443\n',
      'UNPARSED_LINE',
      0,
    ],
  ])('%j', (text, code, unread) => {
    expect(read(text).diagnostics.map(diagnostic => diagnostic.code)).toEqual([code])
    expect(settle(text).unread).toHaveLength(unread)
  })

  it('a mask of the other kind is none: each client by itself', () => {
    const text = PROC.split('\n').slice(0, 3).join('\n') + '\nTCP  [2001:0db8::1]:01BB rr persistent 10800 ::1\n'
    expect(lines(settle(text).services)).toEqual(['v6 6 2001:db8::1 443 rr persistent 10800/128 in order'])
  })

  it('leaves its service in doubt', () => {
    const text = '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w many\n'
    expect(lines(settle(text).services)).toEqual(['v4 6 10.0.0.1 80 rr unread'])
  })
})

describe('connections', () => {
  it('of ipvsadm -Lnc and of /proc are the same', () => {
    const listed = `IPVS connection entries
pro expire state       source             virtual            destination
TCP 14:57  ESTABLISHED 10.0.3.40:39888    10.100.0.1:443     10.0.1.9:6443
UDP 00:05  UDP         10.0.3.40:5000     10.100.0.10:53     10.0.1.8:53
TCP 179:59 NONE        10.0.3.40:0        10.100.0.1:443     10.0.1.9:6443
IP  00:50  NONE        10.0.3.0:0         0.0.0.7:0          10.0.3.3:0
TCP 00:01  TIME_WAIT   [2001:db8::1]:9    [fd00:100::1]:443  [2001:db8::9]:443
`
    const proc = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP 0A000328 9BD0 0A640001 01BB 0A000109 192B ESTABLISHED     897
UDP 0A000328 1388 0A64000A 0035 0A000108 0035 UDP               5
TCP 0A000328 0000 0A640001 01BB 0A000109 192B NONE          10799
IP  0A000300 0000 00000007 0000 0A000303 0000 NONE             50
TCP 2001:0db8:0000:0000:0000:0000:0000:0001 0009 fd00:0100:0000:0000:0000:0000:0000:0001 01BB 2001:0db8:0000:0000:0000:0000:0000:0009 01BB TIME_WAIT         1
`
    const plain = (text: string) =>
      read(text).value.connections?.map(({source: _source, text: _text, ...connection}) => connection)
    expect(read(listed).diagnostics).toEqual([])
    expect(read(proc).diagnostics).toEqual([])
    expect(plain(listed)).toHaveLength(5)
    expect(plain(proc)).toEqual(plain(listed))
    expect(plain(listed)?.[3]).toEqual({
      family: 4,
      protocol: 0,
      state: 'NONE',
      timeout: 50,
      client: {address: address('10.0.3.0'), port: 0},
      virtual: {address: 7, port: 0},
      real: {address: address('10.0.3.3'), port: 0},
    })
  })

  it('are null where nothing lists them', () => {
    expect(read(SAVE).value.connections).toBeNull()
  })
})

describe('properties', () => {
  const port = fc.integer({min: 1, max: 65535})
  const v4 = fc.integer({min: 1, max: 0xfffffffe}).map(value => formatAddress(value as never))
  const service = fc.record({
    protocol: fc.constantFrom('-t', '-u'),
    vip: v4,
    port,
    scheduler: fc.constantFrom('rr', 'wrr', 'lc', 'wlc', 'sh', 'mh'),
    timeout: fc.option(fc.integer({min: 1, max: 90000})),
    reals: fc.uniqueArray(
      fc.record({host: v4, port, weight: fc.integer({min: 0, max: 65535}), method: fc.constantFrom('-m', '-g', '-i')}),
      {
        maxLength: 4,
        selector: ({host, port: own}) => `${host}:${own}`,
      },
    ),
  })

  it('a save reads back as what was printed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(service, {maxLength: 5, selector: ({protocol, vip, port: own}) => `${protocol}${vip}:${own}`}),
        services => {
          const text = services
            .flatMap(({protocol, vip, port: own, scheduler, timeout, reals}) => [
              `-A ${protocol} ${vip}:${own} -s ${scheduler}${timeout === null ? '' : ` -p ${timeout}`}`,
              ...reals.map(
                real => `-a ${protocol} ${vip}:${own} -r ${real.host}:${real.port} ${real.method} -w ${real.weight}`,
              ),
            ])
            .map(line => `${line}\n`)
            .join('')
          const METHODS = {'-m': 'masquerade', '-g': 'route', '-i': 'tunnel'} as const
          expect(lines(settle(text).services)).toEqual(
            services.flatMap(({protocol, vip, port: own, scheduler, timeout, reals}) => [
              `v4 ${protocol === '-t' ? 6 : 17} ${vip} ${own} ${scheduler}${timeout === null ? '' : ` persistent ${timeout}/32`}`,
              ...reals.map(
                real =>
                  `  ${real.host} ${real.port} ${METHODS[real.method as '-m']} w${real.weight} null+null 0-0 ipip`,
              ),
            ]),
          )
        },
      ),
    )
  })

  it('no text makes it throw', () => {
    const piece = fc.constantFrom(
      ...SAVE.split(/(\s)/),
      ...LIST.split(/(\s)/),
      ...PROC.split(/(\s)/),
      '\n',
      'pro expire \n',
      ':',
      '[',
      ']',
    )
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 60}), pieces => {
        const text = pieces.join('')
        expect(() => settle(text)).not.toThrow()
      }),
    )
  })
})
