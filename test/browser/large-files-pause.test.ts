import { expect, test } from 'vitest'
import { go, largeVisits, lastLine, MIB } from './large-visit.ts'
import { results } from './visit.ts'

const shared = largeVisits()

test('paused for longer than the URLs live', async () => {
  const demo = await shared.largeDemo({ signing: { expiresInSeconds: 2 } })
  const { line, hashOfObject } = demo
  const { page, hash, watched } = await shared.heldAt(6 * MIB, demo, 'pause.bin', 16 * MIB)
  await page.getByRole('button', { name: 'Pause: pause.bin' }).click()
  await lastLine(page).getByText('Paused', { exact: true }).waitFor()
  line.release()
  // What had left the browser still arrives.
  await page.waitForTimeout(500)
  const sent = line.sent
  await page.waitForTimeout(3000)
  expect(line.sent).toBe(sent)
  await page.getByRole('button', { name: 'Resume: pause.bin' }).click()
  expect(await results(page, 1)).toEqual(['stored: pause.bin: Stored as upload/pause.bin'])
  expect(await hashOfObject('upload/pause.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('the process of the signing server is killed in the middle, and another one started', async () => {
  const demo = await shared.largeDemoOfProcess(1)
  const { line, hashOfObject, killServer, startServer, unfinished } = demo
  const visit = await shared.openWith(demo, 'away.bin', 24 * MIB)
  const { page, hash, watched } = visit
  const held = line.holdAt(8 * MIB)
  await go(visit)
  await held
  await killServer()
  line.release()
  // Its URLs have ended; the page asks for others and waits for somebody to sign them.
  await lastLine(page)
    .getByText(/Next attempt in/)
    .waitFor()
  expect(await unfinished()).toBe(1)
  await startServer()
  expect(await results(page, 1)).toEqual(['stored: away.bin: Stored as upload/away.bin'])
  expect(await hashOfObject('upload/away.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})
