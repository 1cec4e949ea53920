import { expect, test } from 'vitest'
import { WorkQueue } from '../../control-plane/ecs/work-queue.ts'

test('steps are done in order, whatever becomes of those before them', async () => {
  const done: string[] = []
  const queue = new WorkQueue((error) => done.push(String(error)))
  let release = (): void => {}
  void queue.next(async () => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    done.push('first')
  })
  const broken = queue.next(async () => {
    throw new Error('broken')
  })
  const last = queue.next(async () => void done.push('last'))
  expect(done).toEqual([])
  await Promise.resolve()
  release()
  expect(await broken).toBeUndefined()
  await last
  expect(done).toEqual(['first', 'Error: broken', 'last'])
})
