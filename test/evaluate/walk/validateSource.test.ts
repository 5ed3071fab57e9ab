import type {JsonStep} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

/** eth0 has the default route, eth1 an address, veth0 none. */
const TO_POD: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', sport: 4000, dport: 80, iif: 'eth1'}
const TO_NODE: FlowWords = {...TO_POD, dst: '10.0.0.2'}
const FROM_POD: FlowWords = {...TO_POD, src: '10.0.9.9', dst: '8.8.8.8', iif: 'veth0'}
const STRANGER: FlowWords = {...FROM_POD, src: '9.9.9.9'}
/** Sent back by the device it came from. */
const TURNS: FlowWords = {...TO_POD, src: '10.0.0.255', dst: '10.0.0.77', iif: 'eth0'}

interface Given {
  readonly sysctl?: readonly string[]
  readonly rules?: string
  readonly routes?: string
}

function explained(flow: FlowWords, {sysctl = [], rules, routes}: Given) {
  const node = tinyNode(
    {},
    {
      'sysctl.txt': ['net.ipv4.ip_forward = 1', 'net.ipv4.conf.default.rp_filter = 0', ...sysctl].join('\n'),
      ...(rules === undefined
        ? {}
        : {
            'ip-rule.txt': `0: from all lookup local\n${rules}\n32766: from all lookup main\n32767: from all lookup default`,
          }),
      ...(routes === undefined ? {} : {'ip-route.txt': routes}),
    },
  )
  const [outcome] = explainWords(node, flow).explanation.outcomes
  const step = (outcome?.steps ?? []).find(({kind}) => kind === 'source-validation')
  return {end: `${outcome?.disposition} ${outcome?.reason ?? ''}`.trim(), step}
}

const told = (step: JsonStep | undefined): string | null =>
  step === undefined
    ? null
    : `${step.stage} ${step.target}: ${step.effect}${step.source === null ? '' : ` [${step.text}]`}`

const of = (device: string, mode: number): string => `net.ipv4.conf.${device}.rp_filter = ${mode}`
const DEFAULT = 'default via 10.0.0.1 dev eth0'
const OWN = "source-validation drop: a packet from outside bears one of the node's own addresses"
/** A rule of the administrator's: the kernel then takes no short cut. */
const CUSTOM = '512: from all to 1.1.1.1 lookup main'
const POD = '10.0.9.9 dev veth0 scope link'

describe('fib_validate_source', () => {
  it.each<[string, FlowWords, Given, string, string | null]>([
    ['off', TO_POD, {}, 'forwarded', null],
    ['off, with rules of its own', TO_POD, {rules: CUSTOM}, 'forwarded', null],
    ['off, no way back at all', TO_POD, {rules: CUSTOM, routes: POD}, 'forwarded', null],
    [
      'strict, by another device',
      TO_POD,
      {sysctl: [of('eth1', 1)]},
      'dropped SOURCE_VALIDATION',
      `source-validation drop: no way back to the source by eth1 (rp_filter = 1): the way back is eth0 [${DEFAULT}]`,
    ],
    [
      '… to the node itself',
      TO_NODE,
      {sysctl: [of('eth1', 1)]},
      'dropped SOURCE_VALIDATION',
      `source-validation drop: no way back to the source by eth1 (rp_filter = 1): the way back is eth0 [${DEFAULT}]`,
    ],
    [
      'strict, by this device',
      {...TO_POD, iif: 'eth0'},
      {sysctl: [of('eth0', 1)]},
      'forwarded',
      `source-validation rp_filter 1: the way back to the source is eth0: fine [${DEFAULT}]`,
    ],
    [
      'strict, by one of several',
      TO_POD,
      {
        sysctl: [of('eth1', 1)],
        routes: `default nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.1.1 dev eth1 weight 1\n${POD}`,
      },
      'forwarded',
      'source-validation rp_filter 1: the way back to the source is eth1: fine [default nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.1.1 dev eth1 weight 1]',
    ],
    [
      'strict, by neither of several',
      FROM_POD,
      {
        sysctl: [of('veth0', 1)],
        routes: 'default nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.1.1 dev eth1 weight 1',
      },
      'dropped SOURCE_VALIDATION',
      'source-validation drop: no way back to the source by veth0 (rp_filter = 1): the way back is eth0, eth1 [default nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.1.1 dev eth1 weight 1]',
    ],
    [
      'strict, no way back at all',
      TO_POD,
      {sysctl: [of('eth1', 1)], routes: POD},
      'dropped SOURCE_VALIDATION',
      'source-validation drop: no way back to the source by eth1 (rp_filter = 1): there is no route back',
    ],
    [
      'loose, by another device',
      TO_POD,
      {sysctl: [of('eth1', 2)]},
      'forwarded',
      `source-validation rp_filter 2: loose: the source is reachable, by another device [${DEFAULT}]`,
    ],
    [
      'loose, no way back at all',
      TO_POD,
      {sysctl: [of('eth1', 2)], routes: POD},
      'dropped SOURCE_VALIDATION',
      'source-validation drop: no way back to the source by eth1 (rp_filter = 2): there is no route back',
    ],
    // no_addr: such a device is always asked strictly
    [
      'loose, on a device without an address',
      STRANGER,
      {sysctl: [of('veth0', 2)]},
      'dropped SOURCE_VALIDATION',
      `source-validation drop: no way back to the source by veth0 (rp_filter = 2): the way back is eth0 [${DEFAULT}]`,
    ],
    ['… off', STRANGER, {rules: CUSTOM}, 'forwarded', null],
    [
      'the larger of all and the device: all',
      TO_POD,
      {sysctl: [of('all', 1)]},
      'dropped SOURCE_VALIDATION',
      `source-validation drop: no way back to the source by eth1 (rp_filter = 1): the way back is eth0 [${DEFAULT}]`,
    ],
    [
      '… the device',
      TO_POD,
      {sysctl: [of('all', 1), of('eth1', 2)]},
      'forwarded',
      `source-validation rp_filter 2: loose: the source is reachable, by another device [${DEFAULT}]`,
    ],
    // the node's own addresses, and others that are nobody's
    ['own source', {...TO_POD, src: '10.0.0.2'}, {}, 'dropped MARTIAN_SOURCE', OWN],
    ['own source, asked in full', {...TO_POD, src: '10.0.0.2'}, {rules: CUSTOM}, 'dropped MARTIAN_SOURCE', OWN],
    [
      'own source under accept_local',
      {...TO_POD, src: '10.0.0.2'},
      {sysctl: ['net.ipv4.conf.eth1.accept_local = 1']},
      'forwarded',
      null,
    ],
    [
      '… of all devices',
      {...TO_POD, src: '10.0.0.2'},
      {sysctl: ['net.ipv4.conf.all.accept_local = 1']},
      'forwarded',
      null,
    ],
    [
      '… and strict, on the device that has it',
      {...TO_POD, src: '10.0.1.2'},
      {sysctl: ['net.ipv4.conf.eth1.accept_local = 1', of('eth1', 1)]},
      'forwarded',
      'source-validation rp_filter 1: the way back to the source is eth1: fine [inet 10.0.1.2/24 brd 10.0.1.255 scope global eth1]',
    ],
    [
      '… and strict, on another',
      {...TO_POD, src: '10.0.0.2'},
      {sysctl: ['net.ipv4.conf.eth1.accept_local = 1', of('eth1', 1)]},
      'dropped SOURCE_VALIDATION',
      'source-validation drop: no way back to the source by eth1 (rp_filter = 1): the way back is eth0 [inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0]',
    ],
    [
      'a broadcast address as source',
      {...TO_POD, src: '10.0.0.255'},
      {rules: CUSTOM},
      'dropped MARTIAN_SOURCE',
      'source-validation drop: the source is a broadcast address',
    ],
    ["… which nobody asks without rules of one's own", {...TO_POD, src: '10.0.0.255'}, {}, 'forwarded', null],
    // IN_DEV_TX_REDIRECTS: what goes out where it came in is asked in full, unless no redirect would be sent
    [
      '… but where a redirect may be due',
      TURNS,
      {},
      'dropped MARTIAN_SOURCE',
      'source-validation drop: the source is a broadcast address',
    ],
    [
      '… of the device',
      TURNS,
      {sysctl: ['net.ipv4.conf.all.send_redirects = 0', 'net.ipv4.conf.eth0.send_redirects = 1']},
      'dropped MARTIAN_SOURCE',
      'source-validation drop: the source is a broadcast address',
    ],
    [
      '… of neither',
      TURNS,
      {sysctl: ['net.ipv4.conf.all.send_redirects = 0', 'net.ipv4.conf.eth0.send_redirects = 0']},
      'forwarded',
      null,
    ],
    [
      'realms ask in full too',
      {...TO_POD, src: '10.0.0.255'},
      {routes: `default via 10.0.0.1 dev eth0 realm 5\n${POD}`},
      'dropped MARTIAN_SOURCE',
      'source-validation drop: the source is a broadcast address',
    ],
  ])('%s', (_, flow, given, end, step) => {
    const seen = explained(flow, given)
    expect(seen.end).toBe(end)
    expect(told(seen.step)?.replace(/\s+/g, ' ') ?? null).toBe(step)
  })

  it.each<[string, FlowWords, string, string]>([
    ['source and destination change sides', TO_POD, '100: from 10.0.9.9 to 9.9.9.9 lookup 7', 'forwarded'],
    ['… they do not stay', TO_POD, '100: from 9.9.9.9 to 10.0.9.9 lookup 7', 'dropped SOURCE_VALIDATION'],
    ['ports too', TO_POD, '100: from all sport 80 dport 4000 lookup 7', 'forwarded'],
    ['… they do not stay', TO_POD, '100: from all sport 4000 dport 80 lookup 7', 'dropped SOURCE_VALIDATION'],
    ['the answer would come in where the packet goes', TO_POD, '100: from all iif veth0 lookup 7', 'forwarded'],
    ['… from lo where the node itself gets it', TO_NODE, '100: from all iif lo lookup 7', 'delivered'],
    ['its mark is 0', {...TO_POD, mark: 1}, '100: from all fwmark 0x1 lookup 7', 'dropped SOURCE_VALIDATION'],
    ['it is of no socket: uid 0', TO_POD, '100: from all uidrange 0-0 lookup 7', 'forwarded'],
    ['… and no other', TO_POD, '100: from all uidrange 1-9 lookup 7', 'dropped SOURCE_VALIDATION'],
  ])('strict: the way back is looked up as for an answer: %s', (_, flow, rules, expected) => {
    const routes = `default via 10.0.1.1 dev eth1 table 7\n${DEFAULT}\n${POD}`
    // towards the destination table 7 does not lead
    const there = `90: from all to 10.0.9.9 lookup main\n${rules}`
    expect(explained(flow, {rules: there, routes, sysctl: [of('eth1', 1)]}).end).toBe(expected)
  })

  it('the mark counts with src_valid_mark', () => {
    const rules = '100: from all fwmark 0x1 lookup 7'
    const routes = `default via 10.0.1.1 dev eth1 table 7\n10.0.9.9 dev veth0 scope link table 7\n${DEFAULT}\n${POD}`
    for (const device of ['all', 'eth1']) {
      const sysctl = [of('eth1', 1), `net.ipv4.conf.${device}.src_valid_mark = 1`]
      expect(explained({...TO_POD, mark: 1}, {rules, routes, sysctl}).end).toBe('forwarded')
    }
  })
})
