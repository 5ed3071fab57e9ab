import {execFileSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {satisfies} from 'semver'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly engines?: {readonly node?: string}
  readonly resolved?: string
}

const lock: Lock = JSON.parse(read('package-lock.json'))
const {
  dependencies,
  devDependencies,
  files,
}: {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  files: string[]
} = JSON.parse(read('package.json'))

describe('dependencies', () => {
  test('all run on Node 20', () => {
    const refusing = Object.entries(lock.packages)
      .filter(([, {optional}]) => optional !== true)
      .filter(([, {engines}]) => engines?.node !== undefined && !satisfies('20.20.2', engines.node))
      .map(([name, {engines}]) => `${name} wants ${engines!.node!}`)
    expect(refusing).toEqual([])
  })

  test('come from wherever npm is told to look', () => {
    const fixed = Object.entries(lock.packages).filter(([, {resolved}]) => resolved !== undefined)
    expect(fixed).toEqual([])
  })

  test('have one version of each that is named', () => {
    const named = [...Object.keys(dependencies), ...Object.keys(devDependencies)]
    expect(named.filter(name => lock.packages[`node_modules/${name}`] === undefined)).toEqual([])
    expect(Object.keys(dependencies).filter(name => name in devDependencies)).toEqual([])
  })

  test('never ask the network for news', () => {
    expect(Object.keys(dependencies)).not.toContain('@oclif/plugin-warn-if-update-available')
  })
})

describe('the package', () => {
  test('ships only files that exist or are built', () => {
    const missing = files.filter(file => file !== 'dist' && !existsSync(path.join(ROOT, file)))
    expect(missing).toEqual([])
  })

  test('answers --version at once, and as package.json says', () => {
    const {version}: {version: string} = JSON.parse(read('package.json'))
    const answer = execFileSync(process.execPath, ['bin/run.js', '--version'], {cwd: ROOT, encoding: 'utf8'})
    expect(answer).toBe(`ekspath/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
  })
})

describe('README.md', () => {
  test('its first two commands exist', () => {
    const manifest: {commands: Record<string, unknown>} = JSON.parse(read('oclif.manifest.json'))
    const blocks = [...read('README.md').matchAll(/^```[^\n]*\n(.*?)^```/gms)].map(([, body]) => body!).join('\n')
    const used = [...blocks.matchAll(/^\s*(?:\$ |npx )?(?:kubectl )?ekspath +([a-z].*)$/gm)]
      .map(([, words]) => words!)
      .slice(0, 2)
    expect(used).toHaveLength(2)
    for (const words of used) {
      const ids = [words.split(' ').slice(0, 2).join(':'), words.split(' ')[0]!]
      expect({words, known: ids.some(id => id in manifest.commands)}).toEqual({words, known: true})
    }
  })

  test('its links to files of the repository lead somewhere', () => {
    const targets = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target!)
    expect(targets.filter(target => !existsSync(path.join(ROOT, target)))).toEqual([])
  })
})
