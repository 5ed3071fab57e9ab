export {loadLive} from './loadLive.js'
export {type Inspection, inspectNode, loadNode, nodeOf} from './loadNode.js'
export {loadSsh} from './loadSsh.js'
