import {inBothFamilies, udp} from '../scenarios/families.js'
import type {Scenario} from '../scenarios/scenario.js'

/** Zones of connection tracking that native chains set and read. */
export const NFT_ZONES: readonly Scenario[] = inBothFamilies(
  'nft-zone',
  '`ct zone set` works ahead of connection tracking, on what has no zone yet, and takes back `notrack`',
  w => ({
    node: w.make({
      nft: `table inet z {
        chain early { type filter hook prerouting priority -300;
          iifname enia udp dport 1 ct zone set 5
          iifname enia udp dport 2 ct zone set 5
          iifname eth0 udp sport 2 ct zone set 5
          iifname enia udp dport 3 ct original zone set 5
          iifname enia udp dport 4 ct reply zone set 5
          iifname enia udp dport 5 ct zone set 5 ct mark set 0x9
          udp sport 5 ct zone set 5
          iifname enia udp dport 6 notrack ct zone set 5
          iifname enia udp dport 7 ct zone set 5 notrack
          iifname enia udp dport 8 ct zone set 5 ct zone set 6
          iifname enia udp dport 8 ct state new meta mark set 0x8
          iifname enia udp dport 8 ct zone 5 meta mark set mark or 0x100
          iifname enia udp dport 8 ct zone != 5 meta mark set mark or 0x200
          udp sport 8 ct zone set 5
        }
        chain late { type filter hook forward priority 0;
          iifname enia udp dport 3 ct original zone 5 ct reply zone 0 meta mark set mark or 0x10
          iifname enia ct zone 5 meta mark set mark or 0x20
          iifname enia ct zone 0 meta mark set mark or 0x40
          iifname enia ct mark 0x9 meta mark set mark or 0x400
          iifname enia ct state untracked meta mark set mark or 0x80
        }
        chain out { type nat hook postrouting priority 100; oifname eth0 masquerade }
      }`,
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 * reply delivered'},
      {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 * reply forwarded enia'},
      {flow: udp(w.podA, w.web, 3), expect: 'forwarded eth0 * reply forwarded enia'},
      {flow: udp(w.podA, w.web, 4), expect: 'forwarded eth0 * reply delivered'},
      {flow: udp(w.podA, w.web, 5), expect: 'forwarded eth0 * reply forwarded enia'},
      {flow: udp(w.podA, w.web, 6), expect: 'forwarded eth0 * reply delivered'},
      {flow: udp(w.podA, w.web, 7), expect: 'forwarded eth0 * reply delivered'},
      {flow: udp(w.podA, w.web, 8), expect: 'forwarded eth0 * reply forwarded enia'},
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 * reply forwarded enia'},
    ],
  }),
)
