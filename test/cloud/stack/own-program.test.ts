import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { packAll } from '../../../scripts/pack/pack.ts'
import { startRegistry } from '../../packages/registry.ts'
import { markdownParts, readText } from '../../unit/docs/markdown.ts'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const { '@pulumi/pulumi': pulumi, '@pulumi/alicloud': alicloud } = packageJson.dependencies
const NPM = ['install', '--prefer-offline', '--no-audit', '--no-fund']

/** The program in the documentation, with a release that ships a folder and one that ships the default. */
async function program(): Promise<string> {
  const documented = markdownParts(await readText('docs/parts.md')).find(({ text }) =>
    text.includes("from '@oss-direct-upload/infra'"),
  )
  return `${documented?.text}
import { Release } from '@oss-direct-upload/infra'
const own = { bucketName: 'own-app-of-example', architecture: 'x86_64', app: 'own-app' }
export const ownApp = new Release('own', own).manifest.app.sha256
const packed = { bucketName: 'packed-app-of-example', architecture: 'x86_64' }
export const packedApp = new Release('packed', packed).manifest.app.sha256
`
}

test('the installed components deploy from a program of its own, and empty their buckets', async () => {
  const tarballs = await mkdtemp(join(tmpdir(), 'tarballs-'))
  const registry = await startRegistry(await packAll(tarballs))
  onTestFinished(async () => {
    await registry.close()
    await rm(tarballs, { recursive: true })
  })
  const { cloud, project } = await setUpDeployment({
    config: { 'alicloud:region': 'ap-southeast-1' },
    program: async (folder) => {
      const write = (path: string, text: string) => writeFile(join(folder, path), text)
      await write('.npmrc', `@oss-direct-upload:registry=${registry.url}\n`)
      await write('package.json', '{"private":true,"type":"module","main":"index.js"}')
      await write('Pulumi.yaml', 'name: photos\nruntime: nodejs\n')
      await write('index.js', await program())
      const specs = ['@oss-direct-upload/infra', `@pulumi/pulumi@${pulumi}`]
      const args = [...NPM, ...specs, `@pulumi/alicloud@${alicloud}`]
      await promisify(execFile)('npm', args, { cwd: folder })
      await promisify(execFile)('mkdir', ['own-app'], { cwd: folder })
      await write('own-app/server.mjs', 'console.log("my own")\n')
    },
  })
  expectSuccess(await project.up())
  const outputs = await project.outputs()
  expect(outputs.bucket).toBe('photos-of-example')
  expect([outputs.ownApp, outputs.packedApp]).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ])
  expect(outputs.ownApp).not.toBe(outputs.packedApp)

  const functions = (await project.state()).match(/"__provider": "(?:[^"\\]|\\.)*"/g) ?? []
  expect(functions).toHaveLength(2)
  expect(functions.filter((text) => /\.[jt]s\b|node_modules|dist/.test(text))).toEqual([])
  expect(expectSuccess(await project.preview()).output).toMatch(/\d+ unchanged/)
  const manifest = JSON.parse(await readFile(join(project.folder, 'package.json'), 'utf8'))
  expect(Object.keys(manifest.dependencies)).toContain('@oss-direct-upload/infra')

  const key = await project.accessKey()
  const object = { bucket: 'photos-of-example', key: 'upload/a', method: 'PUT', body: 'a' } as const
  expect(await requestOss(cloud, key, 'ap-southeast-1', object)).toBe('200')
  const { output } = await destroyCleanly(cloud, project)
  expect(output).toContain('photos-of-example: 1 objects deleted')
})
