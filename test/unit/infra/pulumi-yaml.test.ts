import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../../../infra/config/settings.ts'
import { loadConfig } from '../../../infra/config/stack-config.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string): string => readFileSync(`${root}/${file}`, 'utf8')

interface Setting {
  type?: string
  items?: { type: string }
  description?: string
  default?: unknown
  value?: unknown
}
const project = parse(read('Pulumi.yaml')) as {
  name: string
  runtime: unknown
  main?: string
  config: Record<string, Setting>
  template: { config: Record<string, Setting>; quickstart: string }
}
const { 'alicloud:region': region, ...own } = project.config

/** As the engine hands a default over. */
const asText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

const ownDefaults = Object.fromEntries(
  Object.entries(own).map(([key, setting]) => [key, asText(setting.default)]),
)

test("the project's settings are the program's, each with a type, a description and a default", () => {
  expect(Object.keys(own)).toEqual(Object.keys(settings.shape))
  for (const [key, setting] of Object.entries(own)) {
    expect([key, Object.keys(setting).sort()]).toEqual([
      key,
      setting.type === 'array'
        ? ['default', 'description', 'items', 'type']
        : ['default', 'description', 'type'],
    ])
    expect([key, setting.description]).toEqual([key, expect.stringMatching(/^[A-Zvaukx].{20,}\.$/)])
    expect([key, setting.items?.type]).toEqual([
      key,
      setting.type === 'array' ? 'string' : undefined,
    ])
  }
})

test("the project's defaults are the program's", () => {
  const input = { region: 'ap-southeast-1' }
  expect(loadConfig({ ...input, values: ownDefaults })).toEqual(
    loadConfig({ ...input, values: {} }),
  )
})

test('each default is of the type that is declared', () => {
  const isOf: Record<string, (value: unknown) => boolean> = {
    string: (value) => typeof value === 'string',
    integer: (value) => Number.isInteger(value),
    boolean: (value) => typeof value === 'boolean',
    array: (value) => Array.isArray(value),
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  }
  const wrong = Object.entries(own).filter(
    ([, setting]) => !isOf[setting.type ?? '']?.(setting.default),
  )
  expect(wrong).toEqual([])
})

test('the region is one outside the Chinese mainland, here and in a new project', () => {
  expect(region).toEqual({ value: 'ap-southeast-1' })
  expect(project.template.config).toEqual({
    'alicloud:region': { description: expect.any(String), default: 'ap-southeast-1' },
  })
})

test('the engine runs the TypeScript as it is, by the file that checks the Node version', () => {
  expect(project.runtime).toEqual({ name: 'nodejs', options: { typescript: false } })
  expect(project.main).toBeUndefined()
  const packageJson = JSON.parse(read('package.json')) as {
    name: string
    main: string
    scripts: Record<string, string>
  }
  expect(packageJson.main).toBe('infra/main.mjs')
  expect(packageJson.name).toBe(project.name)
  for (const command of ['up', 'preview', 'destroy']) {
    expect(packageJson.scripts[command]).toBe(`node infra/run-pulumi.ts ${command}`)
  }
  for (const [command] of project.template.quickstart.matchAll(/npm run \w+/g)) {
    expect(Object.keys(packageJson.scripts)).toContain(command.split(' ').at(-1))
  }
})

test('no file holds what "pulumi new" would replace', () => {
  const left = new Set(['node_modules', '.git', '.vitest', 'dist', 'uploads', 'coverage'])
  const files = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !left.has(name))
    .flatMap((entry) =>
      entry.isFile()
        ? [entry]
        : readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true }),
    )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(100)
  const replaced = files.filter((file) =>
    /\$\{(PROJECT|DESCRIPTION)\}/.test(readFileSync(file, 'latin1')),
  )
  expect(replaced).toEqual([])
})

test('the program fits one screen', () => {
  expect(read('infra/index.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(60)
})
