import {readFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import type {IpamdEni, SourceText} from '../../../src/model/index.js'
import {formatAddress, formatPrefix} from '../../../src/net/index.js'
import {
  parseIpamdCheckpoint,
  parseIpamdEnis,
  parseIpamdEnvironment,
  parseIpamdPods,
} from '../../../src/parse/ipamd/index.js'

const read = (name: string): SourceText => ({name, text: readFileSync(`fixtures/${name}`, 'utf8')})
const text = (json: unknown): SourceText => ({
  name: 'ipamd.json',
  text: typeof json === 'string' ? json : JSON.stringify(json),
})

function assigned(enis: readonly IpamdEni[]): string[] {
  return enis.flatMap(eni => eni.addresses.filter(({assigned}) => assigned)).map(({address}) => formatAddress(address))
}

describe('parseIpamdEnis', () => {
  it.each([
    ['enis-v1.5-1.6.json', '1.0 – 1.6', null, null],
    ['enis-v1.7-1.8.json', '1.7 – 1.8', null, 'eth0'],
    ['enis-v1.9-1.10.json', '1.9 – 1.10', null, 'eth0'],
    ['enis-v1.11-1.19.json', '1.11 – 1.19', 'kube-system/coredns-6b9c8d7f5-x2kzq', 'eth0'],
    ['enis-v1.20-1.21.json', '1.20.3 – 1.21', 'kube-system/coredns-6b9c8d7f5-x2kzq', 'eth0'],
    ['enis-v1.22.json', '1.22', 'kube-system/coredns-6b9c8d7f5-x2kzq', 'eth0'],
    ['enis-v1.23-scrubbed.json', '≥ 1.23', 'kube-system/coredns-6b9c8d7f5-x2kzq', null],
  ])('reads %s', (file, shape, pod, interfaceName) => {
    const {value, diagnostics} = parseIpamdEnis(read(`ipamd/${file}`))
    expect(diagnostics).toEqual([])
    expect(value?.shape).toBe(shape)
    expect(value?.enis.map(eni => [eni.id, eni.networkCard, eni.deviceNumber, eni.primary])).toEqual([
      ['eni-00000001a2b3c4d5e', 0, 0, true],
      ['eni-00000001a2b3c4d5f', 0, 1, false],
    ])
    expect(value?.enis.map(eni => eni.addresses.length)).toEqual([3, 3])
    expect(assigned(value?.enis ?? [])).toEqual(['10.0.3.17', '10.0.3.40', '10.0.5.77', '10.0.5.78'])
    const coredns = value?.enis[0]?.addresses[0]
    expect(coredns?.pod && `${coredns.pod.namespace}/${coredns.pod.name}`).toBe(pod)
    expect(coredns?.interfaceName).toBe(interfaceName)
  })

  it('cites the line of each key', () => {
    const {value} = parseIpamdEnis(read('net410/ipamd-enis.json'))
    expect(value?.source.line).toBe(1)
    expect(value?.enis.map(eni => [eni.source.line, eni.text])).toEqual([
      [4, '"eni-0334a44d21188bd24": {'],
      [27, '"eni-0458b317b891b1d40": {'],
      [50, '"eni-08f89b8d2799ddf95": {'],
    ])
    expect(value?.enis[0]?.addresses[3]?.source).toEqual({document: 'net410/ipamd-enis.json', line: 18})
  })

  it('knows the table, subnet and flags of later versions, and every network card', () => {
    const eni = (id: string, more: object): object => ({[id]: {ID: id, IsPrimary: false, DeviceNumber: 1, ...more}})
    const {value} = parseIpamdEnis(
      text({
        0: {ENIs: eni('eni-a', {IsTrunk: true, IsExcludedForPodIPs: true, SubnetID: 'subnet-1', RouteTableID: 2})},
        1: {ENIs: eni('eni-b', {IsEFA: true, RouteTableID: 10101})},
      }),
    )
    expect(value?.shape).toBe('≥ 1.22')
    expect(value?.enis).toMatchObject([
      {id: 'eni-a', networkCard: 0, trunk: true, excludedForPods: true, subnetId: 'subnet-1', routeTable: 2},
      {id: 'eni-b', networkCard: 1, efa: true, subnetId: null, routeTable: 10101},
    ])
  })

  it('reads delegated prefixes of both families', () => {
    const block = (prefix: string, addresses: object): object => ({
      [prefix]: {IsPrefix: true, IPAddresses: addresses, AddressFamily: ''},
    })
    const used = {IPAMKey: {networkName: 'aws-cni', containerID: 'abc', ifName: 'eth0'}}
    const {value} = parseIpamdEnis(
      text({
        ENIs: {
          'eni-a': {
            DeviceNumber: 0,
            AvailableIPv4Cidrs: block('10.0.2.0/28', {'10.0.2.5': used}),
            IPv6Cidrs: block('2600::5:0/112', {'2600::5:1': used}),
          },
        },
      }),
    )
    expect(value?.enis[0]?.prefixes.map(formatPrefix)).toEqual(['10.0.2.0/28', '2600::5:0/112'])
    expect(assigned(value?.enis ?? [])).toEqual(['10.0.2.5', '2600::5:1'])
  })

  it.each([
    ['', 'EMPTY_DOCUMENT', 1],
    ['{"ENIs":{\n"eni-1":{"DeviceNumber":0', 'BAD_JSON', 2],
    ['{\n"TotalIPs": oops}', 'BAD_JSON', 2],
    ['[]', 'BAD_JSON', 1],
    ['{"TotalIPs":1}', 'UNRECOGNISED_DOCUMENT', 1],
    ['{"AvailableCommands":[]}', 'UNRECOGNISED_DOCUMENT', 1],
    ['['.repeat(100), 'BAD_JSON', 1],
    ['{"ENIs":{"eni-1":"\\ud8"}}', 'BAD_JSON', 1],
  ])('says nothing of %j', (json, code, line) => {
    const {value, diagnostics} = parseIpamdEnis(text(json))
    expect(value).toBeNull()
    expect(diagnostics).toMatchObject([{code, source: {document: 'ipamd.json', line}}])
  })

  it('leaves out what is not an ENI or not an address, and says so', () => {
    const {value, diagnostics} = parseIpamdEnis(
      text({ENIs: {'eni-a': 7, 'eni-b': {DeviceNumber: 1, IPv4Addresses: {'10.0.0.300': {}}}}}),
    )
    expect(value?.enis.map(eni => eni.id)).toEqual(['eni-b'])
    expect(diagnostics.map(({code}) => code)).toEqual(['BAD_JSON', 'BAD_JSON'])
  })

  it('reads a document that goes on after its value', () => {
    const {value, diagnostics} = parseIpamdEnis(text('{"ENIs":{}}\n[root@node ~]# '))
    expect(value?.enis).toEqual([])
    expect(diagnostics).toMatchObject([{code: 'BAD_JSON', severity: 'warning', source: {line: 2}}])
  })
})

describe('parseIpamdPods', () => {
  it('splits the key into pod, namespace and container', () => {
    const {value, diagnostics} = parseIpamdPods(read('net410/ipamd-pods.json'))
    expect(diagnostics).toEqual([])
    expect(value).toHaveLength(8)
    expect(value?.[0]).toMatchObject({
      pod: {namespace: 'default', name: 'worker-hello-5d9b798f74-2gnkc'},
      containerId: '0e3bdc55d56b8b171568404094449834f5978de4aebfb1b51cb3af8338c24395',
      deviceNumber: 0,
      source: {line: 2},
    })
    expect(value?.map(({address}) => formatAddress(address))).toContain('192.168.20.139')
  })

  it('knows the answer of versions without this endpoint', () => {
    const {value, diagnostics} = parseIpamdPods(read('ipamd/pods-v1.7plus-default-handler.json'))
    expect(value).toBeNull()
    expect(diagnostics).toMatchObject([{code: 'UNRECOGNISED_DOCUMENT', severity: 'info'}])
  })

  it('keeps a pod whose key it cannot split', () => {
    const {value, diagnostics} = parseIpamdPods(text({odd: {IP: '10.0.0.1', DeviceNumber: 0}, bad: {}}))
    expect(value).toMatchObject([{pod: null, containerId: null}])
    expect(diagnostics.map(({code}) => code)).toEqual(['BAD_VALUE', 'BAD_JSON'])
  })
})

describe('parseIpamdCheckpoint', () => {
  it('keeps nanoseconds exact', () => {
    const {value, diagnostics} = parseIpamdCheckpoint(read('ipamd/ipam.json'))
    expect(diagnostics).toEqual([])
    expect(value).toHaveLength(4)
    expect(value?.[3]).toMatchObject({
      pod: {namespace: 'shop', name: 'cart-0'},
      interfaceName: 'eth0',
      allocatedAt: 1795161780123456789n,
      text: '"ipv4":"10.0.5.78"',
    })
  })

  it('reads IPv6, an empty list, and leaves out what has no address', () => {
    const {value} = parseIpamdCheckpoint(text({allocations: [{ipv6: '2600::5', containerID: 'x'}]}))
    expect(value?.map(({address, pod}) => [formatAddress(address), pod])).toEqual([['2600::5', null]])
    expect(parseIpamdCheckpoint(text({allocations: null})).value).toEqual([])
    expect(parseIpamdCheckpoint(text({allocations: [{}, 3]})).diagnostics).toMatchObject([
      {code: 'BAD_JSON'},
      {code: 'BAD_JSON'},
    ])
    expect(parseIpamdCheckpoint(text({version: 1})).value).toBeNull()
    const one = '{"allocations":[{"ipv4":"10.0.0.1"}]}'
    expect(parseIpamdCheckpoint(text(`${one}\n${one.slice(0, 20)}`))).toMatchObject({
      value: [{source: {line: 1}}],
      diagnostics: [{code: 'BAD_JSON', severity: 'error', source: {line: 2}}],
    })
    expect(parseIpamdCheckpoint(text(`${one}\nrc=0`)).diagnostics).toMatchObject([
      {code: 'BAD_JSON', severity: 'warning'},
    ])
  })
})

describe('parseIpamdEnvironment', () => {
  it('keeps values as the variable would hold them', () => {
    const {value, diagnostics} = parseIpamdEnvironment(
      text(`{
        "AWS_VPC_K8S_CNI_CONNMARK": 128,
        "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS": ["10.8.0.0/16", "10.9.0.0/16"],
        "AWS_EXTERNAL_SERVICE_CIDRS": null,
        "AWS_VPC_K8S_CNI_EXTERNALSNAT": false
      }`),
    )
    expect(diagnostics).toEqual([])
    expect([...value].map(([name, {value, source}]) => [name, value, source.line])).toEqual([
      ['AWS_VPC_K8S_CNI_CONNMARK', '128', 2],
      ['AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS', '10.8.0.0/16,10.9.0.0/16', 3],
      ['AWS_EXTERNAL_SERVICE_CIDRS', '', 4],
      ['AWS_VPC_K8S_CNI_EXTERNALSNAT', 'false', 5],
    ])
  })
})
