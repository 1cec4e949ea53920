import type { ObjectStore } from './object-store.ts'

const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000

/**
 * Removes multipart uploads that were begun too long ago and never completed: now, and every hour
 * from now on. The service itself keeps them until a lifecycle rule of the bucket removes them.
 *
 * @param days Age from which on they go
 * @returns Ends it
 */
export async function sweepUploads(
  store: ObjectStore,
  days: number,
  now: () => Date,
  onFailure: (error: unknown) => void,
): Promise<() => void> {
  const sweep = async (): Promise<void> => {
    const before = new Date(now().getTime() - days * DAY_MS)
    for (const { uploads } of store.list()) await uploads.sweep(before)
  }
  await sweep()
  const timer = setInterval(() => void sweep().catch(onFailure), EVERY_MS).unref()
  return () => clearInterval(timer)
}
