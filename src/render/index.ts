export {captureTable, commandTable} from './table/captureTables.js'
export {escapeText} from './escapeText.js'
export {ExplanationWriter} from './lines/explanationWriter.js'
export {LineBuffer} from './lines/lineBuffer.js'
export {digestCapture} from './markdown/digest.js'
export {renderAuditMarkdown} from './markdown/renderAuditMarkdown.js'
export {renderExplainMarkdown} from './markdown/renderExplainMarkdown.js'
export {
  colourStyle,
  type Page,
  plainStyle,
  renderAuditText,
  renderExplainText,
  renderFailure,
  renderInspectText,
  renderNodeText,
  renderServiceText,
  type Style,
} from './text/index.js'
export {renderAuditJunit} from './renderAuditJunit.js'
export {renderJson} from './renderJson.js'
export {renderTable, renderTsv, type Table} from './table/renderTable.js'
export {
  chainRuleTable,
  chainTable,
  eniTable,
  markTable,
  neighbourTable,
  nodeFactTable,
  podTable,
  routeTable,
  ruleTable,
  serviceTable,
} from './table/showTables.js'
