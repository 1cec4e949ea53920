import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineCrc64 } from '../../../app/crc64/combine.ts'
import { Crc64 } from '../../../app/crc64/crc64.ts'

function crcOf(bytes: Uint8Array): bigint {
  const crc = new Crc64()
  crc.update(bytes)
  return crc.digest()
}

test('checksums of pieces make the checksum of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (pieces) => {
      const combined = pieces.reduce(
        (crc, piece) => combineCrc64(crc, crcOf(piece), piece.length),
        0n,
      )
      expect(combined).toBe(crcOf(Buffer.concat(pieces)))
    }),
    { numRuns: 2000 },
  )
})

test('pieces that are large', () => {
  const piece = Buffer.alloc(3 * 1024 * 1024 + 1, 'x')
  const whole = crcOf(Buffer.concat([piece, piece, Buffer.from('end')]))
  const crc = combineCrc64(crcOf(piece), crcOf(piece), piece.length)
  expect(combineCrc64(crc, crcOf(Buffer.from('end')), 3)).toBe(whole)
})
