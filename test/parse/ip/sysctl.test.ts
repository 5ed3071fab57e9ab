import {parseRtTables, parseSysctl} from '../../../src/parse/index.js'
import {codes, text} from './support.js'

describe('parseSysctl', () => {
  it.each([
    ['net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward', '1'],
    ['net.ipv4.ip_forward=1', 'net.ipv4.ip_forward', '1'],
    ['net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward', '1'],
    ['-net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward', '1'],
    ['net.ipv4.conf.vlan/eth/1.rp_filter = 0', 'net.ipv4.conf.vlan/eth/1.rp_filter', '0'],
    ['/proc/sys/net/ipv4/conf/eth0/rp_filter = 1', 'net.ipv4.conf.eth0.rp_filter', '1'],
    ['/proc/sys/net/ipv4/conf/vlan.eth.1/rp_filter:2', 'net.ipv4.conf.vlan/eth/1.rp_filter', '2'],
    ['net/ipv4/conf/vlan.eth.1/rp_filter = 2', 'net.ipv4.conf.vlan/eth/1.rp_filter', '2'],
    ['net.ipv4.ip_local_port_range = 32768\t60999', 'net.ipv4.ip_local_port_range', '32768\t60999'],
    ['net.ipv4.conf.eth0.tag = ', 'net.ipv4.conf.eth0.tag', ''],
    ['kernel.core_pattern = |/bin/x %p=%u', 'kernel.core_pattern', '|/bin/x %p=%u'],
  ])('%s', (line, key, value) => {
    const {value: values, diagnostics} = parseSysctl(text(line))
    expect(diagnostics).toEqual([])
    expect([...values]).toEqual([[key, {key, value, source: {document: 'test.txt', line: 1}, text: line.trim()}]])
  })

  it('the last of two values counts, and the contradiction is noted', () => {
    const {value, diagnostics} = parseSysctl(
      text('net.ipv4.ip_forward = 0', 'net.ipv4.ip_forward = 0', 'net.ipv4.ip_forward = 1'),
    )
    expect(value.get('net.ipv4.ip_forward')?.value).toBe('1')
    expect(codes(diagnostics)).toEqual(['CONTRADICTION:3'])
  })

  it('passes over comments, and notes keys that were refused once', () => {
    const {value, diagnostics} = parseSysctl(
      text(
        '# comment',
        '; comment',
        "sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'",
        'sysctl: reading key "net.ipv6.conf.all.stable_secret"',
        'net.core.somaxconn = 4096',
      ),
    )
    expect([...value.keys()]).toEqual(['net.core.somaxconn'])
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['TOOL_ERROR', 'info']])
  })

  it('notes what is none', () => {
    expect(codes(parseSysctl(text('hello', 'a = b', 'sysctl: command not found')).diagnostics)).toEqual([
      'UNPARSED_LINE:1',
      'UNPARSED_LINE:2',
      'TOOL_ERROR:3',
    ])
  })
})

describe('parseRtTables', () => {
  it('reads numbers and names', () => {
    const {value, diagnostics} = parseRtTables(
      text('#', '# reserved values', '255\tlocal', '254\tmain', '0\tunspec', '#1\tinr.ruhep', '0x65 vlan-pods # ours'),
    )
    expect(diagnostics).toEqual([])
    expect(value).toEqual(
      new Map([
        ['local', 255],
        ['main', 254],
        ['unspec', 0],
        ['vlan-pods', 101],
      ]),
    )
  })

  it('notes what is none', () => {
    expect(codes(parseRtTables(text('one two', '7', '7 a b')).diagnostics)).toEqual([
      'UNPARSED_LINE:1',
      'UNPARSED_LINE:2',
      'UNPARSED_LINE:3',
    ])
  })
})
