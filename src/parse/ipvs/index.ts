export {type IpvsDocument, parseIpvs} from './parseIpvs.js'
export {type SettledIpvs, settleIpvs} from './settleIpvs.js'
