import { expect, test } from 'vitest'
import { objectPath } from '../../app/oss/store/object-path.ts'
import { PARTS_RULE } from './large-demo.ts'
import { largeFileFixture, lastTransfer, MIB, uploadFile } from './large-file-fixture.ts'
import { results } from './page-actions.ts'

const shared = largeFileFixture()

test('a bucket that hides ETag is reported early', async () => {
  const { exposeHeaders: _, ...hidden } = PARTS_RULE
  const demo = await shared.largeDemo({ corsRule: hidden })
  const opened = await shared.openWithFile(demo, 'hidden.bin', 16 * MIB)
  await uploadFile(opened)
  expect(await results(opened.page, 1)).toEqual([
    'failed: hidden.bin: The bucket hides response headers from this page. Ask its operator to expose ETag and x-oss-hash-crc64ecma in its CORS rules.',
  ])
  expect(demo.proxy.sent).toBeLessThan(8 * MIB)
})

test('a bucket that allows POST but not PUT is reported', async () => {
  const demo = await shared.largeDemo({ corsRule: { ...PARTS_RULE, allowedMethods: ['POST'] } })
  const ignoreConsole = /CORS policy/
  const opened = await shared.openWithFile(demo, 'post-only.bin', 10 * MIB, { ignoreConsole })
  await uploadFile(opened)
  expect(await results(opened.page, 1)).toEqual([
    'failed: post-only.bin: The bucket does not let this page upload large files. Ask its operator to allow GET, PUT, POST and DELETE from this address in its CORS rules.',
  ])
})

test('an upload that the bucket no longer knows starts again', async () => {
  const demo = await shared.largeDemo()
  const { proxy, oss, hashOfObject, unfinished } = demo
  const { page, hash } = await shared.uploadUntil(6 * MIB, demo, 'stale.bin', 12 * MIB)
  const uploads = oss.store.find('demo-bucket')?.uploads
  for (const { uploadId } of (await uploads?.list()) ?? []) {
    await uploads?.exclusively(uploadId, () => uploads.remove(uploadId))
  }
  proxy.release()
  expect(await results(page, 1)).toEqual(['stored: stale.bin: Stored as upload/stale.bin'])
  expect(await hashOfObject('upload/stale.bin')).toBe(hash)
  expect(await unfinished()).toBe(0)
})

test('with oss:PutObject only, an upload resumes from the browser’s record', async () => {
  const demo = await shared.largeDemo({ actions: ['oss:PutObject'] })
  const { proxy, hashOfObject } = demo
  const opened = await shared.uploadUntil(10 * MIB, demo, 'modest.bin', 16 * MIB)
  const { page, hash, watched } = opened
  await page.waitForTimeout(300)
  await page.reload()
  proxy.release()
  expect(watched.finished.size).toBeGreaterThan(0)
  await uploadFile(opened)
  expect(await results(page, 1)).toEqual(['stored: modest.bin: Stored as upload/modest.bin'])
  expect(await hashOfObject('upload/modest.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('a file whose name is taken can be kept beside the other', async () => {
  const demo = await shared.largeDemo()
  const { oss, hashOfObject, unfinished } = demo
  const opened = await shared.openWithFile(demo, 'taken.bin', 10 * MIB)
  const { page, hash } = opened
  const objects = oss.store.find('demo-bucket')?.objects
  const staged = await objects?.stage(
    (async function* () {
      yield Buffer.from('taken')
    })(),
  )
  if (staged) await objects?.put('upload/taken.bin', staged, { headers: {} })
  await uploadFile(opened)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: taken.bin: A file with this name already exists. Keep both, or rename yours\./,
  )
  await page.getByRole('button', { name: 'Keep both: taken.bin' }).click()
  await lastTransfer(page).getByText('Stored as').waitFor()
  const [text] = await results(page, 1)
  const key = /Stored as (upload\/taken \([0-9a-f]{8}\)\.bin)$/.exec(text ?? '')?.[1] ?? ''
  expect(await hashOfObject(objectPath(key).join('/'))).toBe(hash)
  expect(await unfinished()).toBe(0)
})
