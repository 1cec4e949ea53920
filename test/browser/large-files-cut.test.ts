import { test } from 'vitest'
import { cutAndReloaded } from './cut-and-reloaded.ts'
import { largeVisits, MIB } from './large-visit.ts'

const shared = largeVisits()

test('cut five times and reloaded twice, a file arrives whole and no finished part is sent again', async () => {
  // `npm run test:large` does the same with 1 GiB.
  await cutAndReloaded(shared, 64 * MIB, MIB)
})
