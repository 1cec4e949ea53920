import { test } from 'vitest'
import { cutAndReloaded } from '../browser/cut-and-reloaded.ts'
import { largeVisits, MIB } from '../browser/large-visit.ts'

const shared = largeVisits()

test('1 GiB in parts of 8 MiB survives five disconnections and two reloads without resending a part', async () => {
  await cutAndReloaded(shared, 1024 * MIB, 8 * MIB)
})
