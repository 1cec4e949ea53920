import { describe, expect, it } from 'vitest'
import { Link } from '../../bench/line/link.ts'

/** 1,000 bytes a millisecond. */
const RATE = 8_000_000

describe('Link', () => {
  it('sends at its rate and delays, however late it is called', () => {
    const link = new Link<string>(RATE, 30)
    for (const item of ['a', 'b', 'c']) link.push(item, 1000, 5)
    expect(link.advance(5.5)).toEqual({ sent: [], arrived: [] })
    expect(link.advance(7.5).sent.map(({ item }) => item)).toEqual(['a', 'b'])
    expect(link.advance(36)).toMatchObject({ sent: [{ item: 'c', bytes: 1000 }], arrived: ['a'] })
    expect(link.isEmpty).toBe(false)
    expect(link.advance(100)).toEqual({ sent: [], arrived: ['b', 'c'] })
    expect(link.isEmpty).toBe(true)
  })

  it('does not save up the time in which nothing waits', () => {
    const link = new Link<string>(RATE, 0)
    link.push('a', 1000, 0)
    link.push('b', 1000, 50)
    expect(link.advance(50.9).arrived).toEqual(['a'])
    expect(link.advance(51).arrived).toEqual(['b'])
  })

  it('only delays at an infinite rate', () => {
    const link = new Link<string>(Number.POSITIVE_INFINITY, 30)
    link.push('a', 1_000_000, 0)
    expect(link.advance(29).arrived).toEqual([])
    expect(link.advance(30).arrived).toEqual(['a'])
  })
})
