import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
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
  readonly optionalDependencies?: Readonly<Record<string, string>>
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

  test('are locked for every platform, not only for the one that wrote the lock', () => {
    const missing = Object.entries(lock.packages).flatMap(([place, {optionalDependencies = {}}]) =>
      Object.keys(optionalDependencies).filter(
        name => !(`node_modules/${name}` in lock.packages) && !(`${place}/node_modules/${name}` in lock.packages),
      ),
    )
    expect(missing).toEqual([])
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

  test('ships the captures that `sample:` names', () => {
    const samples = readdirSync(path.join(ROOT, 'fixtures'))
      .map(name => `fixtures/${name}`)
      .filter(folder => existsSync(path.join(ROOT, folder, 'ip-rule.txt')))
    expect(files).toEqual(expect.arrayContaining(samples))
  })

  test('answers --version at once, and as package.json says', () => {
    const {version}: {version: string} = JSON.parse(read('package.json'))
    const answer = execFileSync(process.execPath, ['bin/run.js', '--version'], {cwd: ROOT, encoding: 'utf8'})
    expect(answer).toBe(`ekspath/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
  })
})

describe('README.md', () => {
  const [first, second] = [...read('README.md').matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, body]) =>
    body!.trim().split('\n'),
  )

  test.each([first, second])('its first commands exist: %s', line => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts).map(name => `npm run ${name}`)
    const steps = line!.split(' && ')
    const programs = steps.filter(step => step.startsWith('node '))
    expect([...scripts, 'npm ci', 'npm test']).toEqual(
      expect.arrayContaining(steps.filter(step => !programs.includes(step))),
    )
    for (const program of programs) {
      const {status, stderr} = spawnSync(process.execPath, program.split(' ').slice(1), {cwd: ROOT, encoding: 'utf8'})
      expect({program, status, stderr}).toEqual({program, status: 0, stderr: ''})
    }
  })

  test('its links to files of the repository lead somewhere', () => {
    const targets = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target!)
    expect(targets.filter(target => !existsSync(path.join(ROOT, target)))).toEqual([])
  })
})
