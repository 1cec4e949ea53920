import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serverEnvironment } from '../../../infra/config/server-environment.ts'
import { loadConfig, type StackConfig } from '../../../infra/config/stack-config.ts'
import { sections } from '../../../scripts/tables/sections.ts'
import { stackSettings } from '../../../scripts/tables/stack-settings.ts'
import { updateSection } from '../../../scripts/tables/update-section.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FILES = [
  'Pulumi.yaml',
  'docs/settings.md',
  'docs/zh-CN/settings.md',
  'docs/server.md',
  'docs/node.md',
]

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'))
  for (const file of FILES) await cp(join(ROOT, file), join(folder, file))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('a stale section is found, and written again', async () => {
  for (const file of FILES) {
    const text = await readFile(join(folder, file), 'utf8')
    await writeFile(join(folder, file), text.replace(/\b12000\b|24\.0\.0/, '121'))
  }
  const stale = (check: boolean): string[] =>
    sections().flatMap((section) => (updateSection(section, folder, check) ? [section.file] : []))
  expect(stale(true)).toEqual(FILES)
  expect(stale(false)).toEqual(FILES)
  expect(stale(true)).toEqual([])
  for (const file of FILES) {
    const written = await readFile(join(folder, file), 'utf8')
    expect(written).toBe(await readFile(join(ROOT, file), 'utf8'))
  }
})

test('every setting that the environment of the server depends on replaces the server', () => {
  const config = loadConfig({ region: 'ap-southeast-1', values: { https: 'true' } })
  const read = new Set<string>()
  const recorded = new Proxy(config, {
    get(target, key) {
      read.add(String(key))
      return target[key as keyof StackConfig]
    },
  })
  serverEnvironment({ config: recorded, bucket: 'photos', address: '203.0.113.70' })
  expect(read.size).toBeGreaterThan(10)
  const replacing = stackSettings().flatMap(({ key, replacesServer }) =>
    replacesServer ? [key] : [],
  )
  read.delete('region')
  expect(replacing).toEqual(expect.arrayContaining([...read]))
})
