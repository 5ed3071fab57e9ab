import {existsSync, mkdirSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {flows} from './flows.mjs'
import {iptablesSave} from './iptablesSave.mjs'
import {nftRuleset} from './nftRuleset.mjs'
import {ipamdEnis, makeNode, nodeListings} from './nodeListings.mjs'
import {makeServices} from './services.mjs'
import {tarGzip} from './tarGzip.mjs'
import {writeLines} from './writeLines.mjs'

/**
 * What a capture of the bench holds.
 * @typedef {object} Shape
 * @property {number} services
 * @property {number} endpoints of each service
 * @property {'iptables' | 'nftables'} [mode] of kube-proxy
 * @property {number} [pods]
 * @property {number} [enis]
 * @property {boolean} [ipamd] with ipamd's JSON
 */

/** Makes inputs in a folder; what is there already is taken as it is. */
export class Inputs {
  #root

  /** @param {string} root */
  constructor(root) {
    this.#root = root
    mkdirSync(root, {recursive: true})
  }

  /** @param {Shape} shape @returns {string} path of a folder that is a capture */
  capture(shape) {
    const folder = path.join(this.#root, nameOf(shape))
    if (existsSync(folder)) return folder
    mkdirSync(folder)
    const node = nodeOf(shape)
    const services = makeServices(shape.services, shape.endpoints)
    for (const [name, lines] of Object.entries(nodeListings(node))) writeLines(path.join(folder, name), lines)
    if (shape.ipamd === true) writeFileSync(path.join(folder, 'ipamd-enis.json'), JSON.stringify(ipamdEnis(node)))
    const save = path.join(folder, 'iptables-save.txt')
    if (shape.mode === 'nftables') {
      writeLines(save, iptablesSave(node, [], {backend: 'nf_tables'}))
      writeLines(path.join(folder, 'nft-ruleset.txt'), nftRuleset(node, services))
    } else writeLines(save, iptablesSave(node, services))
    return folder
  }

  /** @param {Shape} shape @param {number} count @returns {string} path of a file with so many flows, one a line */
  flows(shape, count) {
    const file = path.join(this.#root, `${nameOf(shape)}.${count}.jsonl`)
    if (!existsSync(file)) writeLines(file, flows(nodeOf(shape), makeServices(shape.services, shape.endpoints), count))
    return file
  }

  /** @param {Shape} shape of the capture in it @param {number} size of the archive in bytes @returns {Promise<string>} its path */
  async archive(shape, size) {
    const file = path.join(this.#root, `${nameOf(shape)}.${size}.tar.gz`)
    if (!existsSync(file)) await tarGzip(this.capture(shape), file, size)
    return file
  }
}

/** The file that holds the rules of kube-proxy. @param {string} capture */
export function rulesOf(capture) {
  const nft = path.join(capture, 'nft-ruleset.txt')
  return existsSync(nft) ? nft : path.join(capture, 'iptables-save.txt')
}

/** @param {string} file @returns {number} 10^6 bytes */
export function megabytes(file) {
  return statSync(file).size / 1e6
}

function nodeOf({pods = 30, enis = 3}) {
  return makeNode(pods, enis)
}

function nameOf({services, endpoints, mode = 'iptables', pods = 30, enis = 3, ipamd = false}) {
  return `${mode}-${services}x${endpoints}-${pods}pods-${enis}enis${ipamd ? '-ipamd' : ''}`
}
