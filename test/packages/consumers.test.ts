import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Consumer, createConsumer, NAMES, PINNED } from './consumer.ts'
import { installNodes, NODE_VERSIONS } from './node-versions.ts'

interface Manifest {
  exports: Record<string, unknown>
  bin?: Record<string, string>
  peerDependencies?: Record<string, string>
}

let nodes: Map<string, string>
let nodesProject: Consumer

beforeAll(async () => {
  nodesProject = await createConsumer([], {})
  nodes = await installNodes(nodesProject)
}, 300_000)
afterAll(() => nodesProject.remove())

describe.each(NAMES)('%s in an empty project', (name) => {
  let consumer: Consumer
  let manifest: Manifest
  let specifiers: string[]

  beforeAll(async () => {
    // npm installs the peers; what a project adds is the compiler.
    const { typescript = '', '@types/node': types = '' } = PINNED
    consumer = await createConsumer([name], { typescript, '@types/node': types })
    const path = join(consumer.folder, 'node_modules', name, 'package.json')
    manifest = JSON.parse(await readFile(path, 'utf8'))
    specifiers = Object.keys(manifest.exports)
      .filter((subpath) => subpath !== './package.json')
      .map((subpath) => `${name}${subpath.slice(1)}`)
  }, 300_000)
  afterAll(() => consumer.remove())

  test.each(NODE_VERSIONS)(
    'every export is imported by Node %s',
    async (version) => {
      for (const specifier of specifiers) {
        await consumer.write(
          'import.js',
          `const exports = await import('${specifier}')\nconsole.log(Object.keys(exports).length > 0)\n`,
        )
        expect(await consumer.run(nodes.get(version) ?? '', ['import.js'])).toBe('true\n')
      }
    },
    120_000,
  )

  test.each(NODE_VERSIONS)('every bin prints its help with Node %s', async (version) => {
    for (const [command, file] of Object.entries(manifest.bin ?? {})) {
      const text = await readFile(join(consumer.folder, 'node_modules', name, file), 'utf8')
      expect(text).toMatch(/^#!\/usr\/bin\/env node\n/)
      const bin = join(consumer.folder, 'node_modules/.bin', command)
      expect(await consumer.run(nodes.get(version) ?? '', [bin, '--help'])).toContain('Usage: ')
    }
  })

  test.each(['nodenext', 'bundler'])(
    'its types compile with module resolution %s',
    async (mode) => {
      const module = mode === 'bundler' ? 'esnext' : 'nodenext'
      const lib = ['es2024', 'dom', 'dom.iterable']
      const compilerOptions = {
        module,
        moduleResolution: mode,
        target: 'es2024',
        lib,
        types: ['node'],
      }
      await consumer.write(
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: { ...compilerOptions, strict: true, noEmit: true },
          files: ['use.ts'],
        }),
      )
      const lines = specifiers.map(
        (specifier, index) => `export * as e${index} from '${specifier}'\n`,
      )
      await consumer.write('use.ts', lines.join(''))
      expect(await compilerErrors(consumer)).toEqual([])
      await consumer.write(
        'use.ts',
        `${lines.join('')}import { nothing } from '${specifiers[0]}'\nnothing()\n`,
      )
      expect(await compilerErrors(consumer)).toEqual([expect.stringContaining("'nothing'")])
    },
    120_000,
  )
})

/** Returns the compiler's errors in our declarations and in the project, not in those of others. */
async function compilerErrors(consumer: Consumer): Promise<string[]> {
  const output = await consumer
    .run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'])
    .catch((error: Error) => error.message)
  return output
    .split('\n')
    .filter((line) => /^(use\.ts|node_modules\/@oss-direct-upload\/)/.test(line))
}
