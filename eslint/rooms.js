/**
 * The house: which folder of src/ may import which. The one place where this is written down; the lint rule, its test and the
 * architecture page all read it.
 *
 * `imports` are the rooms whose values and types a room may use, `types` those of which it may use types only. Rooms stand in the order in
 * which data flows through them, so a room only ever names rooms above itself.
 */
export const rooms = {
  net: {imports: []},
  model: {imports: ['net']},
  capture: {imports: ['net'], types: ['model']},
  parse: {imports: ['net', 'model']},
  node: {imports: ['net', 'model', 'capture', 'parse']},
  edit: {imports: ['net', 'model', 'parse']},
  evaluate: {imports: ['net', 'model']},
  eks: {imports: ['net', 'model']},
  audit: {imports: ['net', 'model', 'edit', 'evaluate', 'eks']},
  explain: {imports: ['net', 'model', 'edit', 'evaluate', 'eks', 'audit'], types: ['capture', 'node']},
  render: {imports: ['net', 'model']},
  cli: {imports: ['net', 'model', 'capture', 'parse', 'node', 'edit', 'evaluate', 'eks', 'audit', 'explain', 'render']},
  commands: {
    imports: [
      'net',
      'model',
      'capture',
      'parse',
      'node',
      'edit',
      'evaluate',
      'eks',
      'audit',
      'explain',
      'render',
      'cli',
    ],
  },
}

/** What src/index.ts, the door of the package, may show. */
export const publicDoor = {
  imports: ['net', 'model', 'capture', 'parse', 'node', 'edit', 'evaluate', 'eks', 'audit', 'explain', 'render'],
}
