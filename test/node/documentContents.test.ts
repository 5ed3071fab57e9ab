import {createHash} from 'node:crypto'
import {contentsOf} from '../../src/node/documentContents.js'

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('contentsOf', () => {
  it.each([
    ['ASCII', Buffer.from('0:\tfrom all lookup local\n'), '0:\tfrom all lookup local\n'],
    ['UTF-8', Buffer.from('Knoten “Ä” 節點\n'), 'Knoten “Ä” 節點\n'],
    ['nothing', Buffer.from(''), ''],
    ['a text that was repaired', Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0x0a]), null],
    ['bytes that are no UTF-8', Buffer.from([0x41, 0xff, 0x0a]), 'A\uFFFD\n'],
    ['line ends of Windows', Buffer.from('a\r\nb\r\n'), 'a\nb\n'],
  ])('has the digest and size of the bytes: %s', (_, bytes, text) => {
    const contents = contentsOf('x', bytes, text)
    expect(contents).toEqual({name: 'x', bytes: bytes.length, sha256: digestOf(bytes)})
  })
})
