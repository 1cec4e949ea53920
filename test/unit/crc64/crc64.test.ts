import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Crc64 } from '../../../app/crc64/crc64.ts'

/** Bit by bit, as the definition has it. */
function slowCrc64(bytes: Uint8Array): bigint {
  let crc = 0xffffffffffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n
    }
  }
  return crc ^ 0xffffffffffffffffn
}

describe('Crc64', () => {
  test('the check value of CRC-64/XZ', () => {
    const crc = new Crc64()
    crc.update(Buffer.from('123456789'))
    expect(crc.digest().toString(16)).toBe('995dc9bbdf1939fa')
  })

  test('whatever the bytes, wherever they begin in memory and however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 5 }),
        fc.integer({ min: 0, max: 5 }),
        (pieces, offset) => {
          const crc = new Crc64()
          for (const piece of pieces) {
            const memory = new Uint8Array(piece.length + offset)
            memory.set(piece, offset)
            crc.update(memory.subarray(offset))
          }
          expect(crc.digest()).toBe(slowCrc64(Buffer.concat(pieces)))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('more than is summed up at a time', () => {
    const bytes = Buffer.alloc(200_003, 'Bytes of a file. ')
    const crc = new Crc64()
    crc.update(bytes)
    expect(crc.digest()).toBe(slowCrc64(bytes))
  })
})
