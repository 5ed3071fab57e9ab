import {saveText} from '../lab/saveText.js'
import {tcp, udp, V4} from './families.js'
import type {Scenario} from './scenario.js'

/** Rules in both iptables backends at once. Only the nft run of these has two. */
export const BACKENDS: readonly Scenario[] = [
  {
    name: 'both-backends-filter',
    fact: 'ACCEPT of one backend is not the last word: the other’s filter chain runs too',
    node: V4.make({
      save: {filter: ['-A FORWARD -p udp --dport 1 -j DROP', '-A FORWARD -p udp --dport 2 -j ACCEPT']},
      legacySave: saveText({filter: ['-A FORWARD -p udp --dport 1 -j ACCEPT', '-A FORWARD -p udp --dport 2 -j DROP']}),
    }),
    cases: [
      {flow: udp(V4.podA, V4.web, 1), expect: 'dropped silent'},
      {flow: udp(V4.podA, V4.web, 2), expect: 'dropped silent'},
      {flow: udp(V4.podA, V4.web, 3), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'both-backends-nat',
    fact: 'the backend that was loaded last runs first, and its DNAT is the one that counts',
    node: V4.make({
      save: {nat: [`-A PREROUTING -d ${V4.vip} -p tcp -j DNAT --to-destination ${V4.podA}`]},
      legacySave: saveText({nat: [`-A PREROUTING -d ${V4.vip} -p tcp -j DNAT --to-destination ${V4.podB}`]}),
    }),
    cases: [{flow: tcp(V4.podA, V4.vip, 1), expect: 'forwarded enib *'}],
  },
]
