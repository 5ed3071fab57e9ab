import type {Check} from '../check.js'
import {addressNotAssigned} from './addressNotAssigned.js'
import {addressTwice} from './addressTwice.js'
import {allowanceExceeded} from './allowanceExceeded.js'
import {bothBackends} from './bothBackends.js'
import {branchRuleLeft} from './branchRuleLeft.js'
import {calicoLeft} from './calicoLeft.js'
import {ciliumLeft} from './ciliumLeft.js'
import {cloudSetup} from './cloudSetup.js'
import {cniRulesAbsent} from './cniRulesAbsent.js'
import {connectionsFull} from './connectionsFull.js'
import {connectionStale} from './connectionStale.js'
import {earlyDemux} from './earlyDemux.js'
import {egressRouteMissing} from './egressRouteMissing.js'
import {endpointStale} from './endpointStale.js'
import {eniUnlisted} from './eniUnlisted.js'
import {forwardDropped} from './forwardDropped.js'
import {forwardingOff} from './forwardingOff.js'
import {gatewayOutside} from './gatewayOutside.js'
import {hostPortStale} from './hostPortStale.js'
import {ipvsLeft} from './ipvsLeft.js'
import {localServiceShadowed} from './localServiceShadowed.js'
import {markNeverSet} from './markNeverSet.js'
import {markRuleMissing} from './markRuleMissing.js'
import {marksCleared} from './marksCleared.js'
import {metadataRedirected} from './metadataRedirected.js'
import {mtuMismatch} from './mtuMismatch.js'
import {natOrderUnknown} from './natOrderUnknown.js'
import {nodePortMarkMissing} from './nodePortMarkMissing.js'
import {podFromRuleMissing} from './podFromRuleMissing.js'
import {podRouteContradicted} from './podRouteContradicted.js'
import {podRouteMissing} from './podRouteMissing.js'
import {podRuleContradicted} from './podRuleContradicted.js'
import {podRuleLeft} from './podRuleLeft.js'
import {podToRuleMissing} from './podToRuleMissing.js'
import {podWithoutTrace} from './podWithoutTrace.js'
import {portsNotRandom} from './portsNotRandom.js'
import {serviceWithoutEndpoints} from './serviceWithoutEndpoints.js'
import {snatAddressForeign} from './snatAddressForeign.js'
import {snatChainBroken} from './snatChainBroken.js'
import {snatLeft} from './snatLeft.js'
import {sourceValidationStrict} from './sourceValidationStrict.js'
import {staticNeighbourWrong} from './staticNeighbourWrong.js'
import {tableNumberOdd} from './tableNumberOdd.js'
import {tableShared} from './tableShared.js'
import {tableWithoutDefault} from './tableWithoutDefault.js'
import {vpcTranslated} from './vpcTranslated.js'

/** In order of code. */
export const CHECKS: readonly Check[] = [
  podFromRuleMissing,
  podToRuleMissing,
  podRuleContradicted,
  branchRuleLeft,
  tableWithoutDefault,
  podRouteMissing,
  podWithoutTrace,
  podRouteContradicted,
  podRuleLeft,
  tableShared,
  addressTwice,
  cloudSetup,
  localServiceShadowed,
  staticNeighbourWrong,
  egressRouteMissing,
  addressNotAssigned,
  nodePortMarkMissing,
  markRuleMissing,
  snatAddressForeign,
  snatChainBroken,
  snatLeft,
  forwardDropped,
  bothBackends,
  vpcTranslated,
  portsNotRandom,
  natOrderUnknown,
  marksCleared,
  calicoLeft,
  ciliumLeft,
  cniRulesAbsent,
  serviceWithoutEndpoints,
  endpointStale,
  hostPortStale,
  connectionStale,
  forwardingOff,
  sourceValidationStrict,
  connectionsFull,
  earlyDemux,
  mtuMismatch,
  ipvsLeft,
  allowanceExceeded,
  tableNumberOdd,
  gatewayOutside,
  eniUnlisted,
  metadataRedirected,
  markNeverSet,
]
