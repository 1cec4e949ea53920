import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')

const BY_NAME = 'Parts import each other by package name'
const GROUND = 'A ground room imports nothing of ours'
const CLIENT = 'The page never imports the server'
const OSS = 'The embedded OSS stands in for the cloud'
const SERVER = 'The server runs without the embedded OSS'
const SERVER_CLIENT = 'The server serves the built page'
const BUCKET_CLIENT = 'The bucket client stands on signing and retry alone'
const DEMO = 'The demo runs without a cloud'
const INFRA = 'The stack packs what app builds'
const TEST = 'Nothing outside test imports test'
const CLOUD = 'The simulated cloud is a package of its own'
const CLOUD_ENTRY = 'Tests reach the simulated cloud by its entry'

/** Importing file, import, and how the message starts when the import is an error. */
const CASES: readonly (readonly [string, string, string?])[] = [
  ['app/contract/a.ts', '../signing/index.ts', GROUND],
  ['app/signing/a.ts', '../contract/error-code.ts', GROUND],
  ['app/crc64/a.ts', '../oss/index.ts', GROUND],
  ['app/process/a.ts', '../server/index.ts', GROUND],
  ['app/retry/a.ts', '../process/listen.ts', GROUND],
  ['app/retry/b.ts', './retry.ts'],
  ['app/crc64/b.ts', '@oss-direct-upload/process/listen', GROUND],
  ['app/bucket-client/a.ts', '../server/index.ts', BUCKET_CLIENT],
  ['app/bucket-client/b.ts', '../signing/index.ts', BY_NAME],
  ['app/bucket-client/c.ts', '@oss-direct-upload/contract', BUCKET_CLIENT],
  ['app/bucket-client/d.ts', '@oss-direct-upload/signing'],
  ['app/client/page/a.ts', '../../server/index.ts', CLIENT],
  ['app/client/uploader/multipart/a.ts', '../../../oss/index.ts', CLIENT],
  ['app/client/uploader/multipart/b.ts', '../../../crc64/crc64.ts', BY_NAME],
  ['app/client/uploader/a.ts', '@oss-direct-upload/server', CLIENT],
  ['app/client/page/d.ts', '../uppy/index.ts', BY_NAME],
  ['app/oss/e.ts', '@oss-direct-upload/uppy', OSS],
  ['app/client/uploader/b.ts', '@oss-direct-upload/crc64/combine'],
  ['app/client/page/b.ts', '../uploader/server-config.ts', BY_NAME],
  ['app/client/page/c.ts', '@oss-direct-upload/uploader'],
  ['app/oss/calls/a.ts', '../../server/index.ts', OSS],
  ['app/oss/a.ts', '../client/uploader/index.ts', OSS],
  ['app/oss/b.ts', '../signing/index.ts', BY_NAME],
  ['app/oss/c.ts', '@oss-direct-upload/page-build/cached', OSS],
  ['app/oss/d.ts', '@oss-direct-upload/process/listen'],
  ['app/server/upload/a.ts', '../../oss/index.ts', SERVER],
  ['app/server/a.ts', '../../infra/index.ts', SERVER],
  ['app/server/upload/b.ts', '../../client/uploader/index.ts', SERVER_CLIENT],
  ['app/server/b.ts', '../client/page/main.ts', SERVER_CLIENT],
  ['app/server/build/a.ts', '../../client/build/build.ts', SERVER_CLIENT],
  ['app/server/build/b.ts', '@oss-direct-upload/page-build'],
  ['app/server/c.ts', '@oss-direct-upload/uploader', SERVER_CLIENT],
  ['app/server/f.ts', '@oss-direct-upload/uppy', SERVER_CLIENT],
  ['app/server/d.ts', '@oss-direct-upload/embedded-oss', SERVER],
  ['app/server/e.ts', '../signing/index.ts', BY_NAME],
  ['app/demo/a.ts', '../../infra/index.ts', DEMO],
  ['app/demo/b.ts', '../server/index.ts', BY_NAME],
  ['app/demo/c.ts', '@oss-direct-upload/infra', DEMO],
  ['app/demo/d.ts', '@oss-direct-upload/server'],
  ['infra/server/a.ts', '../../app/server/index.ts', INFRA],
  ['infra/a.ts', '../app/client/build/build.ts', INFRA],
  ['infra/b.ts', '../test/free-port.ts', TEST],
  ['infra/server/b.ts', '../../app/signing/index.ts', INFRA],
  ['infra/server/c.ts', '@oss-direct-upload/signing'],
  ['infra/server/d.ts', '@oss-direct-upload/process/listen', INFRA],
  ['infra/storage/emptying/a.ts', '@oss-direct-upload/bucket-client'],
  ['scripts/a.ts', '../test/free-port.ts', TEST],
  ['scripts/b.ts', '../app/server/index.ts'],
  ['test/unit/a.ts', '../../app/server/index.ts'],
  ['test/cloud/control-plane/vpc/a.ts', '../../../../app/oss/store/object-store.ts', CLOUD],
  ['test/cloud/control-plane/a.ts', '../../../app/server/index.ts', CLOUD],
  ['test/cloud/control-plane/b.ts', '../../../app/oss/index.ts', CLOUD],
  ['test/cloud/control-plane/c.ts', '@oss-direct-upload/embedded-oss'],
  ['test/cloud/control-plane/d.ts', '@oss-direct-upload/server', CLOUD],
  ['test/cloud/stack/a.ts', '../control-plane/audit.ts', CLOUD_ENTRY],
  ['test/cloud/stack/b.ts', 'simulated-cloud'],
  ['test/cloud/unit/vpc/a.ts', '../../control-plane/vpc/lookup.ts'],
]

interface Diagnostic {
  message: string
  location: { path: string }
}

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-rules-'))
  const config = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8')) as object
  await write('biome.json', JSON.stringify({ ...config, vcs: { enabled: false } }))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

/** Lints the folder under the repository's rules; returns file and message of every error. */
function lint(rule: string): (readonly [string, string])[] {
  const { stdout } = spawnSync(
    process.execPath,
    [BIOME, 'lint', '--reporter=json', '--max-diagnostics=200', `--only=${rule}`, '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] }
  return diagnostics.map(({ location, message }) => [location.path, message] as const).toSorted()
}

test('a room imports only the rooms that it stands on', async () => {
  for (const [path, target] of CASES) {
    await write(path, `import type { A } from '${target}'\n\nexport type B = A\n`)
  }
  const expected = CASES.flatMap(([path, , message]) =>
    message === undefined ? [] : [[path, expect.stringContaining(message)]],
  )
  expect(lint('style/noRestrictedImports')).toEqual(expected.toSorted())
})

test('imports form no circle, imports of types included', async () => {
  await write('app/oss/a.ts', "import type { B } from './b.ts'\n\nexport type A = B\n")
  await write('app/oss/b.ts', "import type { A } from './a.ts'\n\nexport type B = A\n")
  await write('app/oss/c.ts', "import type { A } from './a.ts'\n\nexport type C = A\n")
  expect(lint('suspicious/noImportCycles')).toEqual([
    ['app/oss/a.ts', expect.stringContaining('cycle')],
    ['app/oss/b.ts', expect.stringContaining('cycle')],
  ])
})
