/** `ip addr` of devices, in the order given; lo stands first with 127.0.0.1. Addresses as ip prints them: `10.0.0.2/24 brd 10.0.0.255 scope global eth0`. */
export function addressListing(devices: Readonly<Record<string, readonly string[]>>): string {
  const all = {lo: ['127.0.0.1/8 scope host lo'], ...devices}
  return Object.entries(all)
    .flatMap(([name, addresses], i) => [
      `${i + 1}: ${name}: <${name === 'lo' ? 'LOOPBACK' : 'BROADCAST,MULTICAST'},UP,LOWER_UP> mtu 9001 state UP group default`,
      ...addresses.map(address => `    ${address.includes(':') ? 'inet6' : 'inet'} ${address}`),
    ])
    .join('\n')
}
