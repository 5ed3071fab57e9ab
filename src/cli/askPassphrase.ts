import {createInterface} from 'node:readline'
import {Writable} from 'node:stream'
import {escapeText} from '../render/index.js'

/** Asks for the passphrase of a key file at the terminal, without showing what is typed. @returns null where nothing was typed */
export function askPassphrase(file: string): Promise<string | null> {
  const silent = new Writable({write: (_chunk, _encoding, done) => done()})
  const reader = createInterface({input: process.stdin, output: silent, terminal: true})
  process.stderr.write(`Passphrase of ${escapeText(file)}: `)
  return new Promise(resolve => {
    const end = (answer: string) => {
      process.stderr.write('\n')
      resolve(answer === '' ? null : answer)
    }
    reader.once('line', line => {
      reader.off('close', onClose)
      reader.close()
      end(line)
    })
    const onClose = () => end('')
    reader.once('close', onClose)
  })
}
