export {loadNode, nodeOf} from './loadNode.js'
