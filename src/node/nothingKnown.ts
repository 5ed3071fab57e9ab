import {type Capture, type CapturedDocument, decodeText, InputError} from '../capture/index.js'

/** The error for a capture that tells nothing of a node: what it holds instead, and what was expected. */
export function nothingKnown({origin, documents, diagnostics}: Capture): InputError {
  const [first] = documents
  const reason = diagnostics.find(({severity}) => severity !== 'info')?.text
  const held =
    first === undefined || (documents.length === 1 && first.bytes.length === 0)
      ? 'is empty, or holds nothing that could be the output of a command'
      : documents.length === 1
        ? `does not hold the output of a command that is known${firstLine(first)}`
        : `has ${documents.length} files, none of which holds the output of a command that is known`
  const expected = 'expected `ip rule`, `ip route show table all`, `iptables-save` and the like, one file a command'
  return new InputError(`${origin} ${held}: ${expected}.${reason === undefined ? '' : ` ${reason}`}`, {
    nextSteps: [
      '`ekspath capture -o node.tar.gz` on the node makes a capture.',
      '`--from sample:net410` is a bundled one.',
    ],
  })
}

/** ` (it begins with "sudo: a password is required")` */
function firstLine({bytes}: CapturedDocument): string {
  const text = decodeText(bytes)?.text
  if (text === undefined) return ' (it is no text)'
  return ` (it begins with ${JSON.stringify(text.trim().split('\n')[0]?.slice(0, 80) ?? '')})`
}
