import type {Repair} from './repair.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&amp;': '&',
}

/** Copied out of a web page's source. No tool writes these, and no name of Kubernetes can hold them. */
export const htmlEntities: Repair = {
  name: 'HTML entities',
  apply: text =>
    /&(quot|#34|#39|apos|lt|gt|nbsp);/.test(text)
      ? text.replace(/&[#\w]+;/g, entity => ENTITIES[entity] ?? entity)
      : text,
}

/** Word processors, wikis and chats set quotes and turn `--` into a dash. */
export const typography: Repair = {
  name: 'typographic quotes and dashes',
  apply: text =>
    /[\u201c-\u201f\u2018-\u201b]|(^|\s)[\u2013\u2014]\w|\u00a0/.test(text)
      ? text
          .replace(/[\u201c-\u201f]/g, '"')
          .replace(/[\u2018-\u201b]/g, "'")
          .replace(/(^|\s)[\u2013\u2014](?=\w{2})/gm, '$1--')
          .replace(/(^|\s)[\u2013\u2014](?=\w\b)/gm, '$1-')
          .replace(/\u00a0/g, ' ')
      : text,
}

export const codeFences: Repair = {
  name: 'Markdown fences',
  apply: text => (/^[ \t]*```/m.test(text) ? text.replace(/^[ \t]*```.*$/gm, '') : text),
}
