import { expect, test } from 'vitest'
import { objectPath } from '../../app/oss/store/object-path.ts'
import { PARTS_RULE } from './large-demo.ts'
import { go, largeVisits, lastLine, MIB } from './large-visit.ts'
import { results } from './visit.ts'

const shared = largeVisits()

test('a bucket that does not show ETag is named, before the file has gone', async () => {
  const { exposeHeaders: _, ...hidden } = PARTS_RULE
  const demo = await shared.largeDemo({ corsRule: hidden })
  const visit = await shared.openWith(demo, 'hidden.bin', 16 * MIB)
  await go(visit)
  expect(await results(visit.page, 1)).toEqual([
    'failed: hidden.bin: The bucket hides response headers from this page. Ask its operator to expose ETag and x-oss-hash-crc64ecma in its CORS rules.',
  ])
  expect(demo.line.sent).toBeLessThan(8 * MIB)
})

test('a bucket that lets pages post but not put is named', async () => {
  const demo = await shared.largeDemo({ corsRule: { ...PARTS_RULE, allowedMethods: ['POST'] } })
  const ignoreConsole = /CORS policy/
  const visit = await shared.openWith(demo, 'post-only.bin', 10 * MIB, { ignoreConsole })
  await go(visit)
  expect(await results(visit.page, 1)).toEqual([
    'failed: post-only.bin: The bucket does not let this page upload large files. Ask its operator to allow GET, PUT, POST and DELETE from this address in its CORS rules.',
  ])
})

test('an upload that the bucket no longer knows begins anew', async () => {
  const demo = await shared.largeDemo()
  const { line, oss, hashOfObject, unfinished } = demo
  const { page, hash } = await shared.heldAt(6 * MIB, demo, 'stale.bin', 12 * MIB)
  const uploads = oss.store.find('demo-bucket')?.uploads
  for (const { uploadId } of (await uploads?.list()) ?? []) {
    await uploads?.exclusively(uploadId, () => uploads.remove(uploadId))
  }
  line.release()
  expect(await results(page, 1)).toEqual(['stored: stale.bin: Stored as upload/stale.bin'])
  expect(await hashOfObject('upload/stale.bin')).toBe(hash)
  expect(await unfinished()).toBe(0)
})

test('with no more than oss:PutObject a reload goes on from what the page has noted', async () => {
  const demo = await shared.largeDemo({ actions: ['oss:PutObject'] })
  const { line, hashOfObject } = demo
  const visit = await shared.heldAt(10 * MIB, demo, 'modest.bin', 16 * MIB)
  const { page, hash, watched } = visit
  await page.waitForTimeout(300)
  await page.reload()
  line.release()
  expect(watched.finished.size).toBeGreaterThan(0)
  await go(visit)
  expect(await results(page, 1)).toEqual(['stored: modest.bin: Stored as upload/modest.bin'])
  expect(await hashOfObject('upload/modest.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('a name that is taken is offered to be kept beside', async () => {
  const demo = await shared.largeDemo()
  const { oss, hashOfObject, unfinished } = demo
  const visit = await shared.openWith(demo, 'taken.bin', 10 * MIB)
  const { page, hash } = visit
  const objects = oss.store.find('demo-bucket')?.objects
  const staged = await objects?.stage(
    (async function* () {
      yield Buffer.from('taken')
    })(),
  )
  if (staged) await objects?.put('upload/taken.bin', staged, { headers: {} })
  await go(visit)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: taken.bin: A file with this name already exists. Keep both, or rename yours\./,
  )
  await page.getByRole('button', { name: 'Keep both: taken.bin' }).click()
  await lastLine(page).getByText('Stored as').waitFor()
  const [said] = await results(page, 1)
  const key = /Stored as (upload\/taken \([0-9a-f]{8}\)\.bin)$/.exec(said ?? '')?.[1] ?? ''
  expect(await hashOfObject(objectPath(key).join('/'))).toBe(hash)
  expect(await unfinished()).toBe(0)
})
