import {formatAddress} from '../../net/index.js'
import type {Match} from '../../model/index.js'
import type {Walk} from '../walk/walk.js'
import type {RecentEntry, RecentQuestion} from './recentList.js'
import type {Test} from './test.js'

type Recent = Extract<Match, {kind: 'recent'}>

/**
 * `-m recent`: lists of addresses that no capture holds. Whether an address is on one is open, but for what this very walk put there or took off,
 * its answer included (recent_mt in net/netfilter/xt_recent.c).
 */
export function compileRecent(match: Recent): Test {
  const {operation, negated, reap, seconds} = match
  if (operation === 'set') {
    return {
      lists: 'writes',
      evaluate: () => 2,
      resolve: walk => {
        entryOf(walk, match).stamp(timeToLive(walk))
        return !negated
      },
    }
  }
  const text =
    ` is on the list \`${match.name}\` of -m recent` +
    (seconds === null ? '' : ` (seen in the last ${seconds} s)`) +
    (match.hitcount === null ? '' : ` (at least ${match.hitcount} times)`) +
    (match.rttl ? ' with this TTL' : '')
  return {
    lists: writesLists(match) ? 'writes' : 'reads',
    evaluate: walk => {
      const tri = entryOf(walk, match).ask(questionOf(walk, match))
      // what changes the entry is done in the order of the rule
      if (tri === 2 || reap || operation === 'update' || (tri === 1 && operation === 'remove')) return 2
      return (tri === 1) !== negated ? 1 : 0
    },
    resolve: walk => {
      const entry = entryOf(walk, match)
      const question = questionOf(walk, match)
      const tri = entry.ask(question)
      const hit =
        tri === 2
          ? walk.decide(
              keyOf(walk, match, question),
              `the ${walk.recent.nameOf(match.side, addressOf(walk, match))}${text}`,
            )
          : tri === 1
      if (tri === 2) entry.learn(question, hit)
      if (hit && operation === 'remove') entry.remove()
      if (reap) entry.reap(seconds)
      if (operation === 'update') note(walk, entry, hit, negated)
      return hit !== negated
    },
  }
}

/** Does a match change lists when it is asked? */
export function writesLists(match: Match): boolean {
  return match.kind === 'recent' && (match.operation !== 'rcheck' || match.reap)
}

/** --update notes the packet where the match is true. Negated, that is an entry that does not meet the rest, if there is one. */
function note(walk: Walk, entry: RecentEntry, hit: boolean, negated: boolean): void {
  if (hit && !negated) entry.stamp(timeToLive(walk))
  else if (!hit && negated) entry.blur()
}

function entryOf(walk: Walk, match: Recent): RecentEntry {
  return walk.recent.entry(match.name, addressOf(walk, match))
}

/** The mask is the list's, that of whichever rule made it: one address is one entry under any, two may be. */
function addressOf({packet}: Walk, {side}: Recent): string {
  return formatAddress(packet[side])
}

function questionOf(walk: Walk, {operation, seconds, hitcount, rttl}: Recent): RecentQuestion {
  const ttl = rttl ? timeToLive(walk) : null
  return operation === 'remove' ? {seconds: null, hits: 1, ttl} : {seconds, hits: Math.max(1, hitcount ?? 1), ttl}
}

/** As the packet came in: behind routing the kernel adds what forwarding took off. */
function timeToLive({packet}: Walk): number {
  return packet.hookOut !== null && packet.maker === 'wire' ? packet.ttl + 1 : packet.ttl
}

/** Two questions of one entry are two facts, unless one answers the other. */
function keyOf(walk: Walk, match: Recent, {seconds, hits, ttl}: RecentQuestion): string {
  const asked = `recent ${match.name} ${addressOf(walk, match)} ${seconds ?? ''} ${hits} ${ttl ?? ''}`
  return `${asked} ${walk.visit(asked)}`
}
