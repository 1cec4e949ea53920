import { test } from 'vitest'
import { uploadWithInterruptions } from '../browser/interrupted-upload.ts'
import { largeFileFixture, MIB } from '../browser/large-file-fixture.ts'

const shared = largeFileFixture()

test('1 GiB in parts of 8 MiB survives five disconnections and two reloads without resending a part', async () => {
  await uploadWithInterruptions(shared, 1024 * MIB, 8 * MIB)
})
