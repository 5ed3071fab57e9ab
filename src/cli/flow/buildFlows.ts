import {type Address, familyOf, formatAddress, parsePort} from '../../net/index.js'
import type {Flow} from '../../model/index.js'
import {isIcmp, makeFlow, readCtState, readMark, readProtocol, readTcpFlags} from '../../explain/index.js'
import {UsageError} from '../usageError.js'
import type {FlowFlagValues} from './flowFlags.js'
import {parseEndpoint} from './parseEndpoint.js'
import {DEFAULT_PROTOCOLS, icmpOf, readIcmp, readInterface, readNumber} from './words.js'

/** What a name of the capture stands for. */
export interface Named {
  readonly address: Address
  /** A service's port; null for pods and nodes. */
  readonly port: number | null
  /** A service port's protocol number; null: any. */
  readonly protocol: number | null
}

/** Looks a name up in the capture. @throws Error that lists the nearest names */
export type NameResolver = (name: string) => Named

interface Side extends Omit<Named, 'address'> {
  /** Null: the kernel picks the source. */
  readonly address: Address | null
}

const NODE = 'node'

/**
 * The flows that the flags describe: one for each protocol.
 * @throws UsageError, FlowError
 */
export async function buildFlows(flags: FlowFlagValues, resolve: NameResolver): Promise<Flow[]> {
  if (flags.src === undefined)
    throw new UsageError('Say where the packet comes from: --src ADDRESS, --src NAMESPACE/POD or --src node.')
  if (flags.dst === undefined)
    throw new UsageError(
      'Say where the packet goes: --dst ADDRESS:PORT, --dst NAMESPACE/SERVICE or --dst NAMESPACE/POD.',
    )
  const source: Side =
    flags.src === NODE ? {address: null, port: null, protocol: null} : await readSide('--src', flags.src, resolve)
  const destination = await readSide('--dst', flags.dst, resolve)
  const sourcePort = onePort('--src', source.port, '--sport', flags.sport)
  const destinationPort = onePort('--dst', destination.port, '--dport', flags.dport)
  return protocolsOf(flags, destination).map(protocol => {
    const icmp = flags['icmp-type'] === undefined ? null : readIcmp('--icmp-type', flags['icmp-type'], protocol)
    return makeFlow({
      protocol,
      source: source.address,
      destination: destination.address,
      sourcePort,
      destinationPort,
      inInterface: read(flags.iif, text => readInterface('--iif', text)),
      outInterface: read(flags.oif, text => readInterface('--oif', text)),
      mark: read(flags.mark, text => readMark('--mark', text)) ?? 0,
      dscp: read(flags.dscp, text => readNumber('--dscp', text, 63)) ?? 0,
      ...(flags.ttl === undefined ? {} : {ttl: readNumber('--ttl', flags.ttl, 255, 1)}),
      ...(flags['tcp-flags'] === undefined ? {} : {tcpFlags: readTcpFlags('--tcp-flags', flags['tcp-flags'])}),
      icmpType: icmp?.type ?? null,
      icmpCode: icmp?.code ?? null,
      ctState: read(flags['ct-state'], text => readCtState('--ct-state', text)),
    })
  })
}

function read<T>(text: string | undefined, reader: (text: string) => T): T | null {
  return text === undefined ? null : reader(text)
}

async function readSide(flag: string, text: string, resolve: NameResolver): Promise<Named> {
  const endpoint = await parseEndpoint(flag, text)
  if (endpoint.kind === 'address') return {address: endpoint.address, port: endpoint.port, protocol: null}
  return resolveWithPort(flag, endpoint.name, resolve)
}

/** `default/web:8080` is a pod's port where it is no service's: the name is tried whole first. */
function resolveWithPort(flag: string, name: string, resolve: NameResolver): Named {
  const colon = name.lastIndexOf(':')
  const port = colon < 0 ? null : parsePort(name.slice(colon + 1))
  try {
    return resolve(name)
  } catch (error) {
    if (port !== null) {
      const host = tryResolve(name.slice(0, colon), resolve)
      if (host !== null && (host.port === null || host.port === port)) return {...host, port}
    }
    throw new UsageError(`${flag} ${name}: ${(error as Error).message}`)
  }
}

function tryResolve(name: string, resolve: NameResolver): Named | null {
  try {
    return resolve(name)
  } catch {
    return null
  }
}

function onePort(side: string, given: number | null, flag: string, text: string | undefined): number | null {
  if (text === undefined) return given
  const port = readNumber(flag, text, 65535)
  if (given === null || given === port) return port
  throw new UsageError(`${side} says port ${given} and ${flag} says ${port}: give one of them.`)
}

function protocolsOf(flags: FlowFlagValues, destination: Named): readonly number[] {
  const family = familyOf(destination.address)
  if (flags.proto === undefined) {
    if (flags['icmp-type'] !== undefined) return [icmpOf(family)]
    if (flags['tcp-flags'] !== undefined) return [readProtocol('--proto', 'tcp')]
    return destination.protocol === null ? DEFAULT_PROTOCOLS : [destination.protocol]
  }
  const protocols = [...new Set(flags.proto.split(',').map(word => readProtocol('--proto', word.trim())))]
  const foreign = protocols.find(protocol => isIcmp(protocol) && protocol !== icmpOf(family))
  if (foreign === undefined) return protocols
  const proper = family === 4 ? 'icmp' : 'ipv6-icmp'
  throw new UsageError(
    `--proto ${flags.proto}: ${formatAddress(destination.address)} is IPv${family}, whose ICMP is ${proper}.`,
  )
}
