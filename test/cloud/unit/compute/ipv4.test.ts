import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blockSize,
  encloses,
  formatIpv4,
  holds,
  type Ipv4Block,
  overlap,
  parseBlock,
  parseIpv4,
} from '../../control-plane/vpc/ipv4.ts'

const address = fc.nat({ max: 2 ** 32 - 1 })
const block = fc.tuple(address, fc.nat({ max: 32 })).map(([start, prefix]): Ipv4Block => {
  const size = 2 ** (32 - prefix)
  return { network: Math.floor(start / size) * size, prefix }
})

function parsed(text: string): Ipv4Block {
  const value = parseBlock(text)
  if (!value) throw new Error(`not a block: ${text}`)
  return value
}

test('addresses are read and written in dotted decimals', () => {
  expect(parseIpv4('192.168.0.1')).toBe(0xc0a80001)
  expect(formatIpv4(0xffffffff)).toBe('255.255.255.255')
  fc.assert(fc.property(address, (value) => parseIpv4(formatIpv4(value)) === value))
})

test.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.x', '-1.2.3.4', '1.2.3.4 '])(
  '%o is no address',
  (text) => {
    expect(parseIpv4(text)).toBeUndefined()
  },
)

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.1/8', '10.0.0.0/8/8', '/8', 'x/8'])(
  '%o is no block',
  (text) => {
    expect(parseBlock(text)).toBeUndefined()
  },
)

test('a block is read as it is written', () => {
  expect(parseBlock('0.0.0.0/0')).toEqual({ network: 0, prefix: 0 })
  fc.assert(
    fc.property(block, (value) => {
      expect(parseBlock(`${formatIpv4(value.network)}/${value.prefix}`)).toEqual(value)
    }),
  )
})

describe('blocks', () => {
  test('hold their own addresses and no others', () => {
    const small = parsed('192.168.1.0/30')
    expect(blockSize(small)).toBe(4)
    expect(
      ['192.168.0.255', '192.168.1.0', '192.168.1.3', '192.168.1.4'].map((text) =>
        holds(small, parseIpv4(text) ?? -1),
      ),
    ).toEqual([false, true, true, false])
  })

  test('overlap when, and only when, one encloses the other', () => {
    expect(encloses(parsed('10.0.0.0/8'), parsed('10.1.0.0/16'))).toBe(true)
    expect(encloses(parsed('10.1.0.0/16'), parsed('10.0.0.0/8'))).toBe(false)
    expect(overlap(parsed('10.1.0.0/16'), parsed('10.2.0.0/16'))).toBe(false)
    fc.assert(
      fc.property(block, block, (one, other) => {
        const last = (value: Ipv4Block) => value.network + blockSize(value) - 1
        const shared = one.network <= last(other) && other.network <= last(one)
        expect(overlap(one, other)).toBe(shared)
      }),
    )
  })
})
