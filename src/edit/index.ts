export {type AppliedEdit, applyEdits, type EditedNode} from './applyEdits.js'
export {EDIT_DOCUMENT} from './command.js'
export {EditError} from './editError.js'
