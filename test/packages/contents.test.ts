import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { extract } from 'tar'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { packAll } from '../../scripts/pack/pack.ts'
import { NAMES, tarballOf } from './consumer.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ATTW = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js')

interface Manifest {
  exports: Record<string, { types: string; default: string }>
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

test('the same sources give the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'again-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const again = await packAll(folder)
  expect([...again.keys()]).toEqual(NAMES)
  for (const [name, path] of again) {
    expect((await readFile(path)).equals(await readFile(tarballOf(name))), name).toBe(true)
  }
}, 120_000)

describe.each(NAMES)('%s', (name) => {
  let folder: string
  let paths: string[]
  let manifest: Manifest

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'package-'))
    await extract({ file: tarballOf(name), cwd: folder, strip: 1 })
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .toSorted()
    manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return () => rm(folder, { recursive: true })
  })

  test('is accepted by publint', async () => {
    const { messages } = await publint({ pkgDir: folder, strict: true, pack: false })
    expect(messages.map((message) => formatMessage(message, manifest as never))).toEqual([])
  })

  test('has types that are found by every way of resolving ES modules', async () => {
    const args = [ATTW, tarballOf(name), '--profile', 'esm-only', '--no-color']
    // It exits with 1 when it finds a problem.
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(stdout).toContain('(ESM)')
  })

  test('has compiled modules, a page of documentation, the license, and nothing else', () => {
    const known = /^(LICENSE|README\.md|package\.json|dist\/.+\.(js|js\.map|d\.ts))$/
    const assets =
      /^(dist\/build\/client\/.+|dist\/boot\/[\w.-]+|release\/(app\.tar|runtimes\.json))$/
    expect(paths.filter((path) => !known.test(path) && !assets.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    expect(paths.filter((path) => /(^|\/)(test|node_modules|\.cache)\//.test(path))).toEqual([])
  })

  test('has no path of this machine, and a source for every module', async () => {
    for (const path of paths) {
      const bytes = await readFile(join(folder, path), 'latin1')
      expect(bytes.includes(ROOT) || bytes.includes(tmpdir()), path).toBe(false)
      if (!path.endsWith('.js.map')) continue
      const { sources, sourcesContent } = JSON.parse(bytes) as Record<string, string[]>
      expect(sources).toEqual([expect.stringMatching(/^(\.\.\/)+src\/.+\.ts$/)])
      expect(sourcesContent).toHaveLength(1)
    }
  })

  test('declares every package that it imports, and imports every one that it declares', async () => {
    const imported = new Set<string>()
    for (const path of paths.filter((file) => /^dist\/.*(\.js|\.d\.ts)$/.test(file))) {
      if (path.startsWith('dist/build/client/')) continue
      const text = await readFile(join(folder, path), 'utf8')
      for (const [, specifier = ''] of text.matchAll(
        /\b(?:from\s*|import\s*\(?\s*)['"]([^'"\n]+)['"]/g,
      )) {
        expect(specifier).not.toMatch(/\.ts$/)
        if (/^(\.|node:)/.test(specifier)) continue
        imported.add(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
      }
    }
    const { dependencies, peerDependencies } = manifest
    const declared = Object.keys({ ...dependencies, ...peerDependencies })
    const types = declared.filter((other) => other.startsWith('@types/'))
    expect([...imported].toSorted()).toEqual(
      declared.filter((other) => !types.includes(other)).toSorted(),
    )
    for (const other of types) expect(imported).toContain(other.slice('@types/'.length))
  })
})
