import type {Diagnostic} from '../model/index.js'
import type {EditCommand} from './command.js'

/** What a parser takes with a caveat in a capture, an edit should not say at all. @throws EditError */
export function refuseDiagnostics(command: EditCommand, diagnostics: readonly Diagnostic[]): void {
  const [first] = diagnostics.filter(({severity}) => severity !== 'info')
  if (first !== undefined) command.refuse(first.text)
}
