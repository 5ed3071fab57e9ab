export {type Assumption} from './walk/walk.js'
export {Evaluator, type Explained, type ExplainOptions, explainFlow} from './evaluator.js'
export {FlowError} from './origin.js'
