export {type Page} from './layout.js'
export {renderExplainText} from './renderExplainText.js'
export {renderFailure} from './renderFailure.js'
export {colourStyle, plainStyle, type Style} from './style.js'
