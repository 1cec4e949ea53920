import { expect } from 'vitest'
import type { Receipt } from './large-demo.ts'
import { type LargeFileFixture, MIB, uploadFile } from './large-file-fixture.ts'
import { results } from './page-actions.ts'

/**
 * Uploads a file while its connections are cut five times and the page is reloaded twice. Checks that
 * the file is stored, and that no finished part is sent again.
 *
 * @param bytes Size of the file
 * @param partSize Bytes of each part; four parts have to be less than a tenth of the file, so that
 *   some arrive between two cuts
 */
export async function uploadWithInterruptions(
  shared: LargeFileFixture,
  bytes: number,
  partSize: number,
): Promise<void> {
  const demo = await shared.largeDemo({
    signing: { multipart: { threshold: 5 * MIB, partSize, maxSize: 10_000 * partSize } },
  })
  const { proxy, received, hashOfObject, unfinished } = demo
  const opened = await shared.openWithFile(demo, 'film.mp4', bytes)
  const { page, hash, watched } = opened
  page.setDefaultTimeout(60_000 + bytes / 2_000)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  const startedMs = performance.now()
  const cuts = [0.1, 0.2, 0.45, 0.6, 0.85].map((share) => proxy.cutAt(bytes * share))
  for (const share of [0.3, 0.7]) {
    const held = proxy.holdAt(bytes * share)
    await uploadFile(opened)
    await held
    await page.waitForTimeout(300)
    await page.reload()
    proxy.release()
    await page.getByText('Select the same file again to continue where it stopped.').waitFor()
    const left = page.locator('#unfinished li', { hasText: 'film.mp4' })
    await left.getByText(/ MB of /).waitFor()
  }
  await uploadFile(opened)
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  await Promise.all(cuts)
  const seconds = (performance.now() - startedMs) / 1000
  expect(await hashOfObject('upload/film.mp4')).toBe(hash)

  const parts = Math.ceil(bytes / partSize)
  const repeated = repetitions(received)
  console.log(
    `${bytes / MIB} MiB in ${seconds.toFixed(1)} s, ${(proxy.sent / MIB).toFixed(1)} MiB sent;`,
    `${parts} parts, ${watched.sent.length} sent by the page, ${received.length} received;`,
    `repeated: ${repeated.map(([{ partNumber }]) => partNumber).join(', ') || 'none'}`,
  )
  expect(new Set(received.map(({ partNumber }) => partNumber)).size).toBe(parts)
  expect(watched.sentAgain).toEqual([])
  // The page repeats only requests that have failed.
  for (let n = 1; n <= parts; n += 1) {
    const failed = watched.failed.filter((number) => number === n).length
    const sent = watched.sent.filter((number) => number === n).length
    expect({ n, unexplained: Math.max(0, sent - 1 - failed) }).toEqual({ n, unexplained: 0 })
  }
  // The browser itself repeats a request when its reused connection ends without a response.
  for (const [earlier, later] of repeated) {
    const ending = proxy.ended.get(earlier.port)
    expect(['proxy', 'browser']).toContain(ending?.by)
    expect(ending?.at).toBeLessThanOrEqual(later.startedMs)
  }
  // Each cut and each reload costs at most the four parts that are being sent.
  expect(proxy.sent).toBeLessThan(bytes + 7 * 4 * partSize)
  expect(await unfinished()).toBe(0)
  expect(await page.locator('#unfinished').isVisible()).toBe(false)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
}

/** Returns each pair of requests in a row for the same part. */
function repetitions(received: readonly Receipt[]): [Receipt, Receipt][] {
  const inOrder = received.toSorted((a, b) => a.startedMs - b.startedMs)
  return inOrder.flatMap((earlier, i): [Receipt, Receipt][] => {
    const later = inOrder.slice(i + 1).find(({ partNumber }) => partNumber === earlier.partNumber)
    return later ? [[earlier, later]] : []
  })
}
