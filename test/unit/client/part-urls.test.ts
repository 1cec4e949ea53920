import { beforeEach, describe, expect, test } from 'vitest'
import { PartUrls } from '../../../app/client/uploader/multipart/part-urls.ts'

describe('URLs of parts', () => {
  let clock = 0
  let requests: [number, number][] = []
  const urls = (last: number, expiresIn: number): PartUrls =>
    new PartUrls(
      last,
      async (from, to) => {
        requests.push([from, to])
        const parts = Array.from({ length: to - from + 1 }, (_, i) => ({
          partNumber: from + i,
          offset: 0,
          size: 1,
          url: `u${from + i}-${requests.length}`,
        }))
        return { parts, expiresIn }
      },
      () => clock,
    )

  beforeEach(() => {
    clock = 0
    requests = []
  })

  test('are requested in batches, each once', async () => {
    const some = urls(45, 600)
    const got = await Promise.all([1, 20, 21, 45].map((n) => some.get(n)))
    expect(got.map(({ url }) => url)).toEqual(['u1-1', 'u20-1', 'u21-2', 'u45-3'])
    expect(requests).toEqual([
      [1, 20],
      [21, 40],
      [41, 45],
    ])
  })

  test('are renewed before they expire and after they were rejected', async () => {
    const some = urls(5, 600)
    await some.get(1)
    clock = 589_000
    expect((await some.get(1)).url).toBe('u1-1')
    clock = 590_000
    expect((await some.get(1)).url).toBe('u1-2')
    some.clear()
    expect((await some.get(1)).url).toBe('u1-3')
    // URLs with a short life are used for half of it.
    const short = urls(5, 2)
    expect((await short.get(1)).url).toBe('u1-4')
    clock += 999
    expect((await short.get(2)).url).toBe('u2-4')
    clock += 1
    expect((await short.get(2)).url).toBe('u2-5')
  })
})
