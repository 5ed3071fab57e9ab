import fc from 'fast-check'
import {FlowError} from '../../src/evaluate/index.js'
import {parseFlowLine} from '../../src/explain/index.js'

describe('parseFlowLine', () => {
  it('reads every member', () => {
    const line =
      '{"src":"10.0.0.1","dst":"10.0.0.2","proto":"tcp","sport":1,"dport":2,"iif":"eth0","oif":"eth1","mark":128,"dscp":10,"ttl":3,"tcpFlags":"SYN,ACK","ctState":"NEW","family":4,"note":"x"}'
    expect(parseFlowLine(line)).toMatchObject({
      protocol: 6,
      sourcePort: 1,
      destinationPort: 2,
      inInterface: 'eth0',
      outInterface: 'eth1',
      mark: 128,
      dscp: 10,
      ttl: 3,
      tcpFlags: 18,
      ctState: 'NEW',
    })
  })

  it('takes null and absence alike', () => {
    const short = parseFlowLine('{"dst":"10.0.0.2","proto":17}')
    expect(
      parseFlowLine('{"src":null,"dst":"10.0.0.2","proto":"udp","sport":null,"mark":null,"ttl":null,"tcpFlags":null}'),
    ).toEqual(short)
    expect(short).toMatchObject({source: null, protocol: 17, ttl: 64, tcpFlags: 2, mark: 0})
  })

  it.each([
    ['', /not JSON/],
    ['[]', /expected a JSON object/],
    ['{"src":"10.0.0.1","proto":"tcp"}', /"dst" is missing/],
    ['{"dst":"10.0.0.1"}', /"proto" is missing/],
    ['{"dst":"10.0.0.1","proto":"tcp","dprot":80}', /unknown member "dprot"\. Did you mean "dport"/],
    ['{"dst":"10.0.0.1","proto":"tcp","dport":"80"}', /"dport" must be a whole number from 0 to 65535, not "80"/],
    ['{"dst":"10.0.0.1","proto":"tcp","dport":65536}', /from 0 to 65535/],
    ['{"dst":"nowhere","proto":"tcp"}', /"dst" must be an IP address, not "nowhere"/],
    ['{"dst":5,"proto":"tcp"}', /"dst" must be a string/],
    ['{"dst":"10.0.0.1","proto":"icmp","dport":80}', /icmp has no ports/],
  ])('refuses %s', (line, message) => {
    expect(() => parseFlowLine(line)).toThrow(message)
    expect(() => parseFlowLine(line)).toThrow(FlowError)
  })

  it('throws nothing but FlowError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.dictionary(fc.constantFrom('src', 'dst', 'proto', 'ttl'), fc.jsonValue()).map(o => JSON.stringify(o)),
        ),
        line => {
          try {
            parseFlowLine(line)
          } catch (error) {
            expect(error).toBeInstanceOf(FlowError)
          }
        },
      ),
    )
  })
})
