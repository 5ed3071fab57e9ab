import type {SourceText} from '../../model/index.js'

export interface NamespaceText {
  readonly namespace: string
  readonly source: SourceText
}

/**
 * `ip -all netns exec …` prints `netns: NAME` before the output of each namespace. Line numbers stay those of the whole document.
 * Output before the first header belongs to none and is left out.
 */
export function splitNamespaces(source: SourceText): NamespaceText[] {
  const lines = source.text.split('\n')
  const heads = lines.flatMap((line, at) => (/^netns: \S+$/.test(line) ? [at] : []))
  return heads.map((at, i) => ({
    namespace: (lines[at] ?? '').slice('netns: '.length),
    source: {
      name: source.name,
      text: lines.slice(at + 1, heads[i + 1] ?? lines.length).join('\n'),
      firstLine: (source.firstLine ?? 1) + at + 1,
    },
  }))
}
