export {loadLive} from './loadLive.js'
export {loadNode, nodeOf} from './loadNode.js'
export {loadSsh} from './loadSsh.js'
