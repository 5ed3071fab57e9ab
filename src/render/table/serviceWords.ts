import type {JsonServiceRow} from '../../model/index.js'
import {hostPort} from '../../net/index.js'

/** `10.100.0.10:53`; of a node port `node:31080`. */
export function frontendText({address, port}: JsonServiceRow['frontends'][number]): string {
  return address === null ? `node:${port}` : hostPort(address, port)
}

export function endpointAddress({address, port}: NonNullable<JsonServiceRow['endpoint']>): string {
  return port === null ? address : hostPort(address, port)
}

/** At most two digits after the point: `50 %`, `33.33 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}
