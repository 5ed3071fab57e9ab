export {audit} from './audit.js'
export type {Check} from './check.js'
export {checkPage} from './checkPage.js'
export {CHECKS} from './checks/index.js'
