import {describe, expect, it} from '@jest/globals'
import {entriesOf, parseKnownHosts} from '../../src/capture/ssh/knownHosts.js'
import {parseSshTarget} from '../../src/capture/ssh/sshTarget.js'
import {fingerprint, keyType, refuseHostKey} from '../../src/capture/ssh/verifyHostKey.js'

/** `ssh-ed25519` and 32 bytes, as `ssh-keygen` writes a key. */
function ed25519(fill: number): Buffer {
  const type = Buffer.from('ssh-ed25519')
  const length = (bytes: Buffer): Buffer => {
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32BE(bytes.length)
    return Buffer.concat([prefix, bytes])
  }
  return Buffer.concat([length(type), length(Buffer.alloc(32, fill))])
}

const KEY = ed25519(1)
const OTHER = ed25519(2)
const line = (hosts: string, key = KEY): string => `${hosts} ssh-ed25519 ${key.toString('base64')} comment`

function refusal(
  text: string,
  {name = 'node', port = 22, pinned = undefined as string | undefined} = {},
): string | null {
  const known = parseKnownHosts(text, 'known_hosts')
  return refuseHostKey(KEY, {label: 'node', name, port}, known, pinned)?.message ?? null
}

describe('parseSshTarget', () => {
  it.each([
    ['node', {host: 'node', user: null, port: null}],
    ['ec2-user@10.0.0.1', {host: '10.0.0.1', user: 'ec2-user', port: null}],
    ['ec2-user@node:2222', {host: 'node', user: 'ec2-user', port: 2222}],
    ['ssh://ec2-user@node:22/', {host: 'node', user: 'ec2-user', port: 22}],
    ['[fd00::1]:22', {host: 'fd00::1', user: null, port: 22}],
    ['root@fd00::1', {host: 'fd00::1', user: 'root', port: null}],
    ['i-0123456789abcdef0', {host: 'i-0123456789abcdef0', user: null, port: null}],
  ])('%s', (text, target) => expect(parseSshTarget(text)).toEqual(target))

  it.each(['', '-oProxyCommand=touch /tmp/x', 'u@-oProxyCommand=x', '-u@host', 'a b', 'node:99999', 'node:'])(
    'refuses %j',
    text => {
      expect(() => parseSshTarget(text)).toThrow('is no SSH destination')
    },
  )
})

describe('known_hosts', () => {
  it.each([
    ['node', 22, true],
    ['NODE', 22, true],
    ['other', 22, false],
    ['node', 2222, false],
    ['10.1.2.3', 22, true],
    ['10.1.9.9', 22, false],
  ])('%s port %i', (host, port, found) => {
    const entries = parseKnownHosts(line('node,10.1.*,!10.1.9.9'), 'f')
    expect(entriesOf(entries, host, port)).toHaveLength(found ? 1 : 0)
  })

  it('knows another port in brackets, and a hashed name', () => {
    expect(entriesOf(parseKnownHosts(line('[node]:2222'), 'f'), 'node', 2222)).toHaveLength(1)
    // HMAC-SHA1 of `node` with the key 00 01 … 13
    const hashed = parseKnownHosts(line('|1|AAECAwQFBgcICQoLDA0ODxAREhM=|ehdZp32z1UJMOYH4Eis+crh8SUE='), 'f')
    expect(entriesOf(hashed, 'node', 22)).toHaveLength(1)
    expect(entriesOf(hashed, 'node2', 22)).toHaveLength(0)
  })

  it.each([
    ['*', true],
    ['n*', true],
    ['*e', true],
    ['n*d*e', true],
    ['n?de', true],
    ['nod?', true],
    ['node?', false],
    ['*x*', false],
    ['n*x', false],
    ['no*no*de', false],
    ['node*', true],
    ['', false],
    ['n.de', false],
    ['*'.repeat(5000), true],
    [`${'*'.repeat(5000)}x`, false],
  ])('takes %.20s for a pattern of node: %s', (pattern, matches) => {
    expect(entriesOf(parseKnownHosts(line(pattern === '' ? ',' : pattern), 'f'), 'node', 22)).toHaveLength(
      matches ? 1 : 0,
    )
  })

  it('leaves out comments and lines that cannot be read', () => {
    expect(parseKnownHosts('# comment\n\nnode ssh-ed25519\n', 'f')).toEqual([])
  })
})

describe('refuseHostKey', () => {
  it('reads the type and prints the fingerprint as ssh does', () => {
    expect(keyType(KEY)).toBe('ssh-ed25519')
    expect(fingerprint(KEY)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })

  it('takes a key that is known', () => {
    expect(refusal(line('node'))).toBeNull()
    expect(refusal(`${line('node', OTHER)}\n${line('node')}`)).toBeNull()
  })

  it.each([
    ['unknown', '', 'shows a key that no known_hosts file has'],
    ['changed', `\n${line('node', OTHER)}`, 'shows another key than the one in known_hosts:2'],
    ['revoked', `${line('node')}\n@revoked ${line('*')}`, 'shows a key that known_hosts:2 revokes'],
    [
      'certified',
      `@cert-authority ${line('node', OTHER)}`,
      'is trusted by certificates (known_hosts:1), which are not supported',
    ],
  ])('refuses a key that is %s', (_, text, message) => expect(refusal(text)).toContain(message))

  it('takes the key given, and no other', () => {
    expect(refusal('', {pinned: fingerprint(KEY)})).toBeNull()
    expect(refusal('', {pinned: `${fingerprint(KEY)}=`})).toBeNull()
    expect(refusal(line('node'), {pinned: fingerprint(OTHER)})).toContain('not the one given with --host-key')
  })
})
