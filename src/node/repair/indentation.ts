import type {Repair} from './repair.js'

/** A block quoted by mail (`> `) or indented by Markdown: every line begins alike. No tool indents all of its output. */
export const indentation: Repair = {
  name: 'an indentation of every line',
  apply: text => {
    const margin = /^\n*((?:>|[ \t])[ \t]*)\S/.exec(text)?.[1]
    if (margin === undefined || !text.split('\n').every(line => line.trim() === '' || line.startsWith(margin)))
      return text
    return text.replace(/^.*$/gm, line => line.slice(margin.length))
  },
}
