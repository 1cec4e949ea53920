import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Consumer, createConsumer } from './consumer.ts'

/** Signs a form and a URL at a fixed time; the module's path depends on the runtime. */
const PROGRAM = `
export function sign({ signPostForm, presignUrl }) {
  const common = {
    credentials: { accessKeyId: 'ID', accessKeySecret: 'SECRET', securityToken: 'TOKEN' },
    bucket: 'photos',
    region: 'ap-southeast-1',
    now: new Date('2026-11-24T12:00:00Z'),
    expiresInSeconds: 600,
  }
  const target = { key: 'upload/照片.png', size: 7, contentType: 'image/png' }
  const forms = ['v1', 'v4'].map((version) => signPostForm({ ...common, version, target }).fields)
  const endpoint = 'https://photos.oss-ap-southeast-1.aliyuncs.com'
  return JSON.stringify([forms, presignUrl({ ...common, endpoint, method: 'PUT', key: 'a b.txt' })])
}
`
const NAME = '@oss-direct-upload/signing'

let consumer: Consumer
let expected: string

beforeAll(async () => {
  const others = { bun: '1.4.5', deno: '2.9.6', miniflare: '4.20260730.0' }
  consumer = await createConsumer([NAME], others)
  await consumer.write('sign.js', PROGRAM)
  await consumer.write(
    'main.js',
    `import * as signing from '${NAME}'\nimport { sign } from './sign.js'\nconsole.log(sign(signing))\n`,
  )
  expected = await consumer.run(process.execPath, ['main.js'])
  expect(expected).toContain('x-oss-signature')
}, 300_000)
afterAll(() => consumer.remove())

test('Deno signs as Node does', async () => {
  const deno = join(consumer.folder, 'node_modules/.bin/deno')
  expect(await consumer.run(deno, ['run', '--quiet', '--no-remote', 'main.js'])).toBe(expected)
}, 120_000)

test('Bun signs as Node does', async () => {
  const bun = join(consumer.folder, 'node_modules/.bin/bun')
  expect(await consumer.run(bun, ['main.js'])).toBe(expected)
}, 120_000)

test('a worker with node:crypto signs as Node does', async () => {
  await consumer.write(
    'worker.js',
    `import * as signing from './node_modules/${NAME}/dist/index.js'
import { sign } from './sign.js'
export default { fetch: () => new Response(sign(signing) + '\\n') }
`,
  )
  await consumer.write(
    'run-worker.js',
    `import { Miniflare } from 'miniflare'
const worker = new Miniflare({
  modules: true,
  scriptPath: 'worker.js',
  modulesRules: [{ type: 'ESModule', include: ['**/*.js'] }],
  compatibilityDate: '2026-01-01',
  compatibilityFlags: ['nodejs_compat'],
})
process.stdout.write(await (await worker.dispatchFetch('http://worker/')).text())
await worker.dispose()
`,
  )
  expect(await consumer.run(process.execPath, ['run-worker.js'])).toBe(expected)
}, 120_000)
