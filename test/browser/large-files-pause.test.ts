import { expect, test } from 'vitest'
import { largeFileFixture, lastTransfer, MIB, uploadFile } from './large-file-fixture.ts'
import { results } from './page-actions.ts'

const shared = largeFileFixture()

test('an upload can be paused for longer than its URLs live', async () => {
  const demo = await shared.largeDemo({ signing: { expiresInSeconds: 2 } })
  const { proxy, hashOfObject } = demo
  const { page, hash, watched } = await shared.uploadUntil(6 * MIB, demo, 'pause.bin', 16 * MIB)
  await page.getByRole('button', { name: 'Pause: pause.bin' }).click()
  await lastTransfer(page).getByText('Paused', { exact: true }).waitFor()
  proxy.release()
  // Bytes that had left the browser still arrive.
  await page.waitForTimeout(500)
  const sent = proxy.sent
  await page.waitForTimeout(3000)
  expect(proxy.sent).toBe(sent)
  await page.getByRole('button', { name: 'Resume: pause.bin' }).click()
  expect(await results(page, 1)).toEqual(['stored: pause.bin: Stored as upload/pause.bin'])
  expect(await hashOfObject('upload/pause.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('an upload continues when the signing server is killed and restarted', async () => {
  const demo = await shared.largeDemoWithProcess(1)
  const { proxy, hashOfObject, killServer, startServer, unfinished } = demo
  const opened = await shared.openWithFile(demo, 'away.bin', 24 * MIB)
  const { page, hash, watched } = opened
  const held = proxy.holdAt(8 * MIB)
  await uploadFile(opened)
  await held
  await killServer()
  proxy.release()
  // The URLs have expired, and nothing signs new ones.
  await lastTransfer(page)
    .getByText(/Next attempt in/)
    .waitFor()
  expect(await unfinished()).toBe(1)
  await startServer()
  expect(await results(page, 1)).toEqual(['stored: away.bin: Stored as upload/away.bin'])
  expect(await hashOfObject('upload/away.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})
