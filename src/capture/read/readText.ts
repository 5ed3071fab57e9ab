import type {Capture, CapturedDocument} from '../capture.js'
import {readCaptureStream} from '../stream/readCaptureStream.js'
import {STREAM_SCHEMA} from '../stream/streamFormat.js'
import {decodeText} from './decodeText.js'

/** The mark of the capture script stands near the top, behind what ssh and kubectl print first. */
const HEAD = 64 << 10

/** One document; or many, where it is what the capture script printed. */
export function readText(document: CapturedDocument, origin: string): Capture {
  const head = Buffer.from(document.bytes.subarray(0, HEAD)).toString('latin1').replaceAll('\0', '')
  const text = head.includes(STREAM_SCHEMA) ? decodeText(document.bytes)?.text : undefined
  const stream = text === undefined ? null : readCaptureStream(text, document.name)
  return {origin, ...(stream ?? {hostname: null, capturedAt: null, documents: [document], diagnostics: []})}
}
