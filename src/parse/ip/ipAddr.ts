import type {Link, Parsed, SourceText} from '../../model/index.js'
import {readAddress, readAddressWords} from './addressWords.js'
import {readBriefLine} from './briefLine.js'
import {isJson, readJsonRecords} from './jsonRecords.js'
import {type Line, readLines, splitOneline, splitWords} from './lines.js'
import {emptyLink, type Interfaces, type LinkDraft} from './linkDraft.js'
import {addressesOf, linkOf} from './linkJson.js'
import {readDetailWords, readHeaderWords} from './linkWords.js'
import {Notes} from './notes.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

/**
 * `ip addr` or `ip link`, with -o, -d, -s, -br, -j, of any version or busybox.
 * `ip -o addr` lists addresses only: the links it names come without flags, MAC and MTU.
 */
export function parseIpAddr(source: SourceText): Parsed<Interfaces> {
  const notes = new Notes(source.name)
  if (isJson(source)) return {value: readJson(source, notes), diagnostics: notes.diagnostics}
  const reader = new InterfaceReader(source.name, notes)
  for (const line of readLines(source, notes)) reader.read(line)
  return {value: {links: reader.links, addresses: reader.addresses}, diagnostics: notes.diagnostics}
}

/** `ip link`; of `ip addr`, its interfaces. */
export function parseIpLink(source: SourceText): Parsed<Link[]> {
  const {value, diagnostics} = parseIpAddr(source)
  return {value: value.links, diagnostics}
}

function readJson(source: SourceText, notes: Notes): Interfaces {
  const found: Interfaces = {links: [], addresses: []}
  for (const record of readJsonRecords(source, notes)) {
    const link = linkOf(record, source.name)
    if (link === null) notes.add('BAD_JSON', 'warning', 'Not an interface: no "ifname".', record.line)
    else {
      found.links.push(link)
      found.addresses.push(...addressesOf(record, source.name, notes))
    }
  }
  return found
}

class InterfaceReader {
  readonly links: LinkDraft[] = []
  readonly addresses: Interfaces['addresses'] = []
  readonly #document: string
  readonly #notes: Notes

  constructor(document: string, notes: Notes) {
    this.#document = document
    this.#notes = notes
  }

  read(line: Line): void {
    const segments = splitOneline(line.text)
    const head = segments[0] ?? ''
    const header = /^\s*(\d{1,10}): (\S+?): <([^>]*)> ?/.exec(head)
    const oneline = header === null ? /^\s*(\d{1,10}): (\S+)\s+(?=inet6? )/.exec(head) : null
    if (header !== null) this.#beginLink(header, line)
    else if (oneline !== null) this.#readAddress(head.slice(oneline[0].length), this.#linkOf(oneline, line), line)
    else if (!this.#readDetail(head, line)) noteUnread(line, 'a line of `ip addr` or `ip link`', this.#notes)
    for (const segment of segments.slice(1)) this.#readDetail(segment, line)
  }

  /** 3: eth0@if7: <BROADCAST,UP> mtu 9001 … */
  #beginLink(header: RegExpExecArray, line: Line): void {
    const link = emptyLink(header[2] ?? '', this.#document, line.number, line.text.trim())
    link.index = Number(header[1])
    link.flags = new Set((header[3] ?? '').split(',').filter(flag => flag !== ''))
    readHeaderWords(new Words(splitWords((splitOneline(line.text)[0] ?? '').slice(header[0].length))), link)
    this.links.push(link)
  }

  /** 3: eth0    inet 10.0.1.10/20 …: the link of this number, made where no header named it */
  #linkOf(head: RegExpExecArray, line: Line): LinkDraft {
    const index = Number(head[1])
    const known = this.links.findLast(link => link.index === index)
    if (known !== undefined) return known
    const link = emptyLink(head[2] ?? '', this.#document, line.number, line.text.trim())
    link.index = index
    this.links.push(link)
    return link
  }

  #readDetail(text: string, line: Line): boolean {
    const words = new Words(splitWords(text))
    const first = words.next()
    const link = this.links.at(-1)
    if (first === undefined) return true
    if (link !== undefined && (first === 'inet' || first === 'inet6')) return this.#readAddress(text, link, line)
    if (link !== undefined && readDetailWords(first, words, link)) return true
    return /^\s/.test(text) && link !== undefined
      ? this.#noteUnknown(first, line)
      : readBriefLine(line, this.#document, this.links, this.addresses)
  }

  #readAddress(text: string, link: LinkDraft, line: Line): boolean {
    const words = new Words(splitWords(text), 1)
    const address = readAddress(words, link.name, this.#document, line.number, line.text.trim())
    if (address === null) {
      this.#notes.add('BAD_VALUE', 'warning', 'The address cannot be read.', line.number)
      return true
    }
    readAddressWords(words, address, this.#notes)
    this.addresses.push(address)
    return true
  }

  #noteUnknown(word: string, line: Line): boolean {
    this.#notes.addOnce(
      `detail ${word}`,
      'UNKNOWN_KEYWORD',
      'info',
      `Details of an interface that are not known: "${word} …".`,
      line.number,
    )
    return true
  }
}
