import {Buffer} from 'node:buffer'
import {createHash} from 'node:crypto'
import {createWriteStream, readFileSync} from 'node:fs'
import path from 'node:path'
import {pipeline} from 'node:stream/promises'
import {Readable} from 'node:stream'
import {createGzip} from 'node:zlib'
import {pack} from 'tar-stream'

const ROOT = 'eks_i-0123456789abcdef0_2026-11-20_1951-UTC_0.7.9'
/** Bytes of one log, as log rotation leaves them. */
const LOG_BYTES = 10 << 20

/** Name of a listing → its place in the archive of the EKS log collector. */
const PLACES = {
  'ip-rule.txt': 'networking/iprule.txt',
  'ip-route.txt': 'networking/iproute.txt',
  'iptables-save.txt': 'networking/iptables-save.txt',
  'ipamd-enis.json': 'ipamd/enis.json',
}

/**
 * The archive of an EKS log collector: the listings of a capture, and logs until it has about so many bytes, packed.
 * @param {string} folder of the capture @param {string} file to write @param {number} size in bytes
 */
export async function tarGzip(folder, file, size) {
  const archive = pack()
  const gzip = createGzip({level: 1})
  let packed = 0
  gzip.on('data', piece => (packed += piece.length))
  const members = async () => {
    for (const [name, place] of Object.entries(PLACES))
      await entry(archive, `${ROOT}/${place}`, readFileSync(path.join(folder, name)))
    for (let i = 0; packed < size; i++) await entry(archive, `${ROOT}/var_log/containers/pod-${i}.log`, log(i))
    archive.finalize()
  }
  await Promise.all([pipeline(Readable.from(archive), gzip, createWriteStream(file)), members()])
}

function entry(archive, name, bytes) {
  return new Promise((resolve, reject) => {
    archive.entry({name, size: bytes.length}, bytes, error => (error ? reject(error) : resolve()))
  })
}

/** Lines that pack about as well as logs do: half of each is new. */
function log(seed) {
  const lines = []
  for (let bytes = 0, i = 0; bytes < LOG_BYTES; i++) {
    const digest = createHash('sha256').update(`${seed} ${i}`).digest('hex')
    const line = `2026-11-20T19:51:0${i % 10}.${100_000 + (i % 899_999)}Z stderr F level=info msg="request served" id=${digest} status=200\n`
    lines.push(line)
    bytes += line.length
  }
  return Buffer.from(lines.join(''), 'latin1')
}
