import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { results, select, slowDown, upload } from '../../browser/page-actions.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { storedObjects } from './stored-objects.ts'
import { visitorBrowser } from './visitor-browser.ts'

const SMALL_FILES = 40
/** Uploaded in parts. */
const LARGE_BYTES = 120 * 1024 ** 2

test.skipIf(whyNoMachine())('a key rotation fails no upload, large or small', async () => {
  const { cloud, datacenter, project } = await bootedCloud({ config: { largeFiles: true } })
  expectSuccess(await project.up())
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  const oldKey = await project.accessKey()
  const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  page.setDefaultTimeout(8 * 60_000)
  await page.goto(address)
  await slowDown(page, 2_000_000)
  const files = await writeFiles()
  await select(page, Object.keys(files))
  await upload(page)
  await page.locator('#results li[data-state=stored]').first().waitFor()

  expectSuccess(await project.up('--replace', '**uploader-key'))
  const before = await page.locator('#results li[data-state=stored]').count()
  console.log(`The key was rotated with ${before} of ${SMALL_FILES + 1} files stored`)
  expect(before).toBeLessThan(SMALL_FILES + 1)
  expect((await project.accessKey()).accessKeyId).not.toBe(oldKey.accessKeyId)

  const lines = await results(page, SMALL_FILES + 1)
  expect(lines.filter((line) => !line.startsWith('stored: '))).toEqual([])
  expect(Object.values(await storedObjects(cloud, bucket)).toSorted()).toEqual(
    Object.values(files).toSorted(),
  )
  await browser.close()
  await destroyCleanly(cloud, project)
})

/** Writes files. @returns Their SHA-256 by path */
async function writeFiles(): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'key-rotation-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const sizes = [LARGE_BYTES, ...Array.from({ length: SMALL_FILES }, () => 300_000)]
  const files: Record<string, string> = {}
  for (const [index, size] of sizes.entries()) {
    const path = join(folder, `file-${index}.bin`)
    await writeFile(path, randomBytes(size))
    files[path] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return files
}
