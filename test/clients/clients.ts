import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installStep } from '../bench/rivals/cache.ts'
import { cacheFolder } from '../cloud/toolchain/go-program.ts'
import type { Cell } from './cells.ts'

/** How to run a client. */
export interface Command {
  command: string
  args: string[]
}

/** A client of OSS. */
export interface Client {
  /** Name and version. */
  title: string
  language: string
  /** Whether the client can be told a cell's version and style. */
  takes(cell: Cell): boolean
  /**
   * Installs the client into the cache.
   *
   * @throws RivalError with a sentence when it cannot be installed here
   */
  install(report: (line: string) => void): Promise<Command>
}

const here = (path: string): string => join(import.meta.dirname, path)
const folder = (): string => join(cacheFolder(), 'clients')

const PYTHON_PACKAGES = [
  'oss2==2.18.4',
  'alibabacloud-oss-v2==1.4.1',
  'aiooss2==0.2.11',
  'ossfs==2025.5.0',
  // aiooss2 does not start with newer ones.
  'aiohttp==3.9.5',
]

const python = (title: string, name: string, takes: Client['takes']): Client => ({
  title,
  language: 'Python',
  takes,
  async install(report) {
    const venv = join(folder(), 'python')
    const bin = join(venv, 'bin', 'python')
    await onceInstalled(venv, PYTHON_PACKAGES.join(' '), async () => {
      await installStep('Python clients', 'python3', ['-m', 'venv', venv], report)
      const args = ['-m', 'pip', 'install', '--quiet', ...PYTHON_PACKAGES]
      await installStep('Python clients', bin, args, report)
    })
    return { command: bin, args: [here('python/run.py'), name] }
  },
})

const go = (title: string, name: string): Client => ({
  title,
  language: 'Go',
  takes: () => true,
  async install(report) {
    const program = join(folder(), 'go', 'clients')
    const sources = ['go.mod', 'go.sum', 'main.go', 'v1.go', 'v2.go']
    const texts = await Promise.all(sources.map((file) => readFile(here(`go/${file}`), 'utf8')))
    await onceInstalled(join(folder(), 'go'), texts.join(), () =>
      installStep('Go clients', 'go', ['build', '-o', program, '.'], report, here('go')),
    )
    return { command: program, args: [name] }
  },
})

const java = (title: string, main: string): Client => ({
  title,
  language: 'Java',
  takes: () => true,
  async install(report) {
    const target = join(folder(), 'java')
    const sources = ['pom.xml', `src/main/java/${main}.java`]
    const texts = await Promise.all(sources.map((file) => readFile(here(`java/${file}`), 'utf8')))
    await onceInstalled(target, texts.join(), async () => {
      await mkdir(target, { recursive: true })
      const args = ['-q', '-B', '-f', here('java/pom.xml'), `-DbuildFolder=${target}`, 'package']
      await installStep('Java clients', 'mvn', args, report)
    })
    const classes = `${join(target, 'classes')}:${join(target, 'dependency', '*')}`
    return { command: 'java', args: ['-cp', classes, main] }
  },
})

/** All clients, in the order of the tables. */
export const CLIENTS: readonly Client[] = [
  python('oss2 2.18.4', 'oss2', () => true),
  python('alibabacloud-oss-v2 1.4.1', 'alibabacloud-oss-v2', () => true),
  python('aiooss2 0.2.11', 'aiooss2', ({ version, style }) => version === 'V1' && style !== 'path'),
  python('ossfs 2025.5.0', 'ossfs', ({ version, style }) => version === 'V1' && style === ''),
  go('aliyun-oss-go-sdk 3.0.2', 'v1'),
  go('alibabacloud-oss-go-sdk-v2 1.6.1', 'v2'),
  java('aliyun-sdk-oss 3.18.4', 'AliyunSdkOss'),
  {
    title: 'ali-oss 6.23.0',
    language: 'Node',
    takes: () => true,
    install: async () => ({ command: process.execPath, args: [here('node/run.ts')] }),
  },
]

/** Runs a step unless it has succeeded for the same content before. */
async function onceInstalled(
  path: string,
  content: string,
  step: () => Promise<void>,
): Promise<void> {
  const stamp = join(path, 'installed.txt')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === content) return
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true })
  await step()
  await writeFile(stamp, content)
}
