import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file, hash, results, select, upload } from '../../browser/visit.ts'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/stack-cloud.ts'
import { bootedCloud } from './booted-cloud.ts'
import { storedObjects } from './stored-objects.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()
if (reason !== undefined) console.log(`SKIPPED: the stack was not booted, because ${reason}`)

test.skipIf(reason)('a fresh account, a page, uploads, days after, an empty account', async () => {
  const { cloud, room, project } = await bootedCloud()
  const { milliseconds } = wentWell(await project.up())
  console.log(`pulumi up, until the page answered: ${(milliseconds / 1000).toFixed(1)} s`)
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()

  const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  await page.goto(address)
  expect(await page.title()).toBe('Transfer Data from Web Client to OSS')
  const files = [
    file('photo.jpg', randomBytes(300_000)),
    file('empty.txt', ''),
    file('照片 (1) & 100%.png', randomBytes(20_000)),
    file('large.bin', randomBytes(12_000_000)),
  ]
  await select(page, files)
  await upload(page)
  const lines = await results(page, files.length)
  const stored = await storedObjects(cloud, bucket)
  console.log(lines, stored)
  expect(Object.values(stored).toSorted()).toEqual(
    files.map(({ buffer }) => hash(buffer)).toSorted(),
  )
  await page.close()

  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
  expect(room.instanceIds).toEqual([])
})
