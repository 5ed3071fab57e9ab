import {describe, expect, it} from '@jest/globals'
import {endpointHash, serviceHash, vethName} from '../../src/eks/index.js'

describe('names that are hashes', () => {
  it.each([
    ['kube-system/kube-dns:dns', 'udp', 'TCOU7JCQXEZGVUNU'],
    ['kube-system/kube-dns:dns-tcp', 'tcp', 'ERIFXISQEP7F7OF4'],
    ['default/kubernetes:https', 'tcp', 'NPX46M4PTMTKRN6Y'],
    ['my-namespace/my-app', 'tcp', 'HLZB4VDDFP2JZATZ'],
  ])('KUBE-SVC- of %s %s', (service, protocol, hash) => {
    expect(serviceHash(service, protocol)).toBe(hash)
  })

  it('KUBE-SEP- of an endpoint', () => {
    expect(endpointHash('kube-system/kube-dns:dns', 'udp', '192.168.64.27:53')).toBe('SBYITFTVBG66OBOJ')
    expect(endpointHash('default/kubernetes:https', 'tcp', '192.168.154.135:443')).toBe('VM7IXZRFNUK7QDNK')
  })

  it('the veth of a pod', () => {
    expect(vethName({namespace: 'default', name: 'worker-hello-5d9b798f74-2gnkc'})).toBe('eni6a241e7f902')
  })
})
