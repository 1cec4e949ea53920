import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../../app/server/config.ts'
import { codeSpans, readText, table } from './markdown.ts'

const settings = table(await readText('README.md'), 'setting')
const variables = table(await readText('docs/server.md'), 'variable')

const firstSpan = (row: readonly string[]): string => codeSpans(row[0] ?? '')[0] ?? ''

test('the table of settings is the schema of Pulumi.yaml, with its defaults', async () => {
  const { config } = parse(await readText('Pulumi.yaml')) as {
    config: Record<string, { default?: unknown; value?: unknown }>
  }
  expect(settings.map(firstSpan)).toEqual(Object.keys(config))
  for (const row of settings) {
    const key = firstSpan(row)
    const { default: fallback, value = fallback } = config[key] ?? {}
    const isEmpty = value === '' || JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}'
    const [, said] = /^`([^`]+)`/.exec(row[2] ?? '') ?? []
    expect([key, said], row[2]).toEqual([key, isEmpty ? undefined : String(value)])
    expect([key, row[3]]).toEqual([key, expect.stringMatching(/^(yes|no|new stack)$/)])
  }
})

test('the settings that change the user data of the server are said to make a new one', async () => {
  const source = await readText('infra/config/server-environment.ts')
  const read = [...source.matchAll(/config\.(?!ts\b)(\w+)/g)].map(([, key]) => key)
  const said = settings.filter((row) => row[3] === 'yes').map(firstSpan)
  const others = read.filter((key) => key !== 'region')
  expect(others.length).toBeGreaterThan(10)
  expect(said).toEqual(expect.arrayContaining([...others]))
})

test('the table of outputs is what the program exports', async () => {
  const program = await readText('infra/index.ts')
  const exported = [...program.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)
  const rows = table(await readText('README.md'), 'output')
  expect(exported).toHaveLength(7)
  expect(rows.map(firstSpan)).toEqual(exported)
})

test('the table of variables has all that the server reads', async () => {
  const source = await readText('app/server/config.ts')
  const read = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name)
  const said = variables.flatMap((row) => codeSpans(row[0] ?? ''))
  expect(said.length).toBeGreaterThan(20)
  expect(said.toSorted()).toEqual([...new Set(read)].toSorted())
})

test('the defaults of the variables are those of the server', () => {
  const least = {
    OSS_ACCESS_KEY_ID: 'id',
    OSS_ACCESS_KEY_SECRET: 'secret',
    OSS_BUCKET: 'photos',
    OSS_REGION: 'ap-southeast-1',
  }
  const told = variables.flatMap((row) => {
    const value = settable(row[2] ?? '')
    return value === undefined ? [] : [{ name: firstSpan(row), value }]
  })
  expect(told.length).toBeGreaterThan(12)
  for (const { name, value } of told) {
    // The others say something only then.
    const base = {
      ...least,
      ...(/^(MULTIPART_|PART_)/.test(name) ? { MULTIPART: 'on' } : {}),
      ...(/^(HTTPS_|ACME_)/.test(name)
        ? { HTTPS_NAME: '203.0.113.7', CERTIFICATE_DIR: '/var/lib/x' }
        : {}),
    }
    expect([name, loadConfig({ ...base, [name]: value })]).toEqual([name, loadConfig(base)])
  }
})

/** The text that sets what a cell says; undefined for a cell that describes. */
function settable(cell: string): string | undefined {
  const [, code, count, unit] = /^(?:`([^`]+)`|(\d+)(?: ([GM]iB))?)$/.exec(cell) ?? []
  if (code !== undefined) return code
  if (count === undefined) return undefined
  return String(Number(count) * (unit === undefined ? 1 : 1024 ** (unit === 'GiB' ? 3 : 2)))
}
