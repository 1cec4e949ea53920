import { test } from 'vitest'
import { uploadWithInterruptions } from './interrupted-upload.ts'
import { largeFileFixture, MIB } from './large-file-fixture.ts'

const shared = largeFileFixture()

test('no finished part is sent again after five cuts and two reloads', async () => {
  // `npm run test:large` does the same with 1 GiB.
  await uploadWithInterruptions(shared, 64 * MIB, MIB)
})
