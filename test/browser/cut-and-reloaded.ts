import { expect } from 'vitest'
import type { Receipt } from './large-demo.ts'
import { go, type LargeVisits, MIB } from './large-visit.ts'
import { results } from './visit.ts'

/**
 * A file on its way while the line is cut five times and the page is reloaded twice: it arrives
 * whole, and no finished part is sent again, neither by the page nor over a line that still stood.
 *
 * @param bytes Of the file
 * @param partSize Bytes of each part; four of them less than a tenth of the file, so that some arrive
 *   between two cuts
 */
export async function cutAndReloaded(
  shared: LargeVisits,
  bytes: number,
  partSize: number,
): Promise<void> {
  const demo = await shared.largeDemo({
    signing: { multipart: { threshold: 5 * MIB, partSize } },
  })
  const { line, received, hashOfObject, unfinished } = demo
  const visit = await shared.openWith(demo, 'film.mp4', bytes)
  const { page, hash, watched } = visit
  page.setDefaultTimeout(60_000 + bytes / 2_000)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  const began = performance.now()
  const cuts = [0.1, 0.2, 0.45, 0.6, 0.85].map((share) => line.cutAt(bytes * share))
  for (const share of [0.3, 0.7]) {
    const held = line.holdAt(bytes * share)
    await go(visit)
    await held
    await page.waitForTimeout(300)
    await page.reload()
    line.release()
    await page.getByText('Select the same file again to continue where it stopped.').waitFor()
    const left = page.locator('#unfinished li', { hasText: 'film.mp4' })
    await left.getByText(/ MB of /).waitFor()
  }
  await go(visit)
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  await Promise.all(cuts)
  const seconds = (performance.now() - began) / 1000
  expect(await hashOfObject('upload/film.mp4')).toBe(hash)

  const parts = Math.ceil(bytes / partSize)
  const repeated = repetitions(received)
  console.log(
    `${bytes / MIB} MiB in ${seconds.toFixed(1)} s, ${(line.sent / MIB).toFixed(1)} MiB on the line;`,
    `${parts} parts, ${watched.sent.length} sent by the page, ${received.length} received whole;`,
    `again: ${repeated.map(([{ partNumber }]) => partNumber).join(', ') || 'none'}`,
  )
  expect(new Set(received.map(({ partNumber }) => partNumber)).size).toBe(parts)
  expect(watched.sentAgain).toEqual([])
  // The page itself sends again only what has ended without an answer: each time has its failure.
  for (let n = 1; n <= parts; n += 1) {
    const failed = watched.failed.filter((number) => number === n).length
    const sent = watched.sent.filter((number) => number === n).length
    expect({ n, unexplained: Math.max(0, sent - 1 - failed) }).toEqual({ n, unexplained: 0 })
  }
  // Its browser repeats a request whose connection, used before, ends before the answer: no part
  // comes twice but over a connection that had ended.
  for (const [earlier, later] of repeated) {
    const ending = line.ended.get(earlier.port)
    expect(['line', 'browser']).toContain(ending?.by)
    expect(ending?.at).toBeLessThanOrEqual(later.began)
  }
  // Each cut and each reload costs at most the four parts that were under way.
  expect(line.sent).toBeLessThan(bytes + 7 * 4 * partSize)
  expect(await unfinished()).toBe(0)
  expect(await page.locator('#unfinished').isVisible()).toBe(false)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
}

/** Each part that came more than once: one time, and the next. */
function repetitions(received: readonly Receipt[]): [Receipt, Receipt][] {
  const inOrder = received.toSorted((a, b) => a.began - b.began)
  return inOrder.flatMap((earlier, i): [Receipt, Receipt][] => {
    const later = inOrder.slice(i + 1).find(({ partNumber }) => partNumber === earlier.partNumber)
    return later ? [[earlier, later]] : []
  })
}
