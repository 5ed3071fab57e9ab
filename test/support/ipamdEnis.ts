/** An ENI as ipamd lists it. */
export interface EniWords {
  readonly id: string
  readonly device: number
  /** Table of its pods; 254: main. */
  readonly table: number
  /** Each with the pod that has it, `namespace/name`; null: nobody. */
  readonly addresses: readonly (readonly [address: string, pod: string | null])[]
}

/** `/v1/enis` as CNI 1.22 writes it. */
export function ipamdEnis(enis: readonly EniWords[]): string {
  const all = enis.flatMap(({addresses}) => addresses)
  const card = {
    TotalIPs: all.length,
    AssignedIPs: all.filter(([, pod]) => pod !== null).length,
    ENIs: Object.fromEntries(enis.map(eni => [eni.id, eniObject(eni)])),
  }
  return `${JSON.stringify({0: card}, null, 1)}\n`
}

function eniObject({id, device, table, addresses}: EniWords): object {
  return {
    ID: id,
    IsPrimary: device === 0,
    IsTrunk: false,
    IsEFA: false,
    DeviceNumber: device,
    AvailableIPv4Cidrs: Object.fromEntries(
      addresses.map(([address, pod]) => [
        `${address}/32`,
        {IsPrefix: false, IPAddresses: {[address]: addressObject(address, pod)}},
      ]),
    ),
    IPv6Cidrs: {},
    RouteTableID: table,
    SubnetID: 'subnet-0000000000000aaaa',
  }
}

function addressObject(address: string, pod: string | null): object {
  if (pod === null) return {Address: address, IPAMKey: {networkName: '', containerID: '', ifName: ''}}
  const [namespace, name] = pod.split('/')
  return {
    Address: address,
    IPAMKey: {networkName: 'aws-cni', containerID: `c-${address}`, ifName: 'eth0'},
    IPAMMetadata: {k8sPodNamespace: namespace, k8sPodName: name},
  }
}
