import { describe, expect, it } from 'vitest'
import { FairQueue, Flow } from '../../bench/line/fair-queue.ts'

/** 1,000 bytes a millisecond. */
const RATE = 8_000_000

function queueWith(...flows: Flow<string>[]): FairQueue<string> {
  const queue = new FairQueue<string>(RATE)
  for (const flow of flows) queue.add(flow)
  return queue
}

describe('FairQueue', () => {
  it('sends at its rate, however late it is called', () => {
    const flow = new Flow<string>()
    for (const item of ['a', 'b', 'c']) flow.push(item, 1000, 5)
    const queue = queueWith(flow)
    expect(queue.send(4)).toEqual([])
    expect(queue.send(6.5)).toEqual([
      { item: 'a', sentMs: 6 },
      { item: 'b', sentMs: 7 },
    ])
    expect(queue.send(100)).toEqual([{ item: 'c', sentMs: 8 }])
    expect(flow.waitingBytes).toBe(0)
  })

  it('does not save up the time in which nothing is ready', () => {
    const flow = new Flow<string>()
    const queue = queueWith(flow)
    flow.push('a', 1000, 0)
    queue.send(50)
    flow.push('b', 1000, 50)
    expect(queue.send(50)).toEqual([{ item: 'b', sentMs: 51 }])
  })

  it('lets its flows take turns', () => {
    const [large, small] = [new Flow<string>(), new Flow<string>()]
    for (const item of ['l1', 'l2', 'l3']) large.push(item, 1000, 0)
    small.push('s1', 500, 0)
    const sent = queueWith(large, small).send(10)
    expect(sent.map(({ item }) => item)).toEqual(['l1', 's1', 'l2', 'l3'])
    expect(sent.map(({ sentMs }) => sentMs)).toEqual([1, 1.5, 2.5, 3.5])
  })

  it('prefers what is ready first when it is called late', () => {
    const [first, second] = [new Flow<string>(), new Flow<string>()]
    first.push('later', 1000, 8)
    second.push('earlier', 1000, 2)
    const sent = queueWith(first, second).send(20)
    expect(sent).toEqual([
      { item: 'earlier', sentMs: 3 },
      { item: 'later', sentMs: 9 },
    ])
  })

  it('passes over a flow whose receiver is full', () => {
    let isBlocked = true
    const [blocked, free] = [new Flow<string>(() => isBlocked), new Flow<string>()]
    blocked.push('b', 1000, 0)
    free.push('f', 1000, 0)
    const queue = queueWith(blocked, free)
    expect(queue.send(10)).toEqual([{ item: 'f', sentMs: 1 }])
    isBlocked = false
    expect(queue.send(10)).toEqual([{ item: 'b', sentMs: 2 }])
  })

  it('forgets a removed flow', () => {
    const [gone, other] = [new Flow<string>(), new Flow<string>()]
    gone.push('g', 1000, 0)
    other.push('o', 1000, 0)
    const queue = queueWith(gone, other)
    queue.remove(gone)
    queue.remove(gone)
    expect(queue.send(10).map(({ item }) => item)).toEqual(['o'])
  })
})
