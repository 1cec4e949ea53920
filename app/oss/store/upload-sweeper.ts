import type { ObjectStore } from './object-store.ts'

const DAY_MS = 86_400_000
const INTERVAL_MS = 3_600_000

/**
 * Removes multipart uploads that were initiated too long ago, now and every hour. OSS itself keeps
 * them until a lifecycle rule of the bucket removes them.
 *
 * @param days Age at which an upload is removed
 * @returns a function that stops the sweeping
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
  const timer = setInterval(() => void sweep().catch(onFailure), INTERVAL_MS).unref()
  return () => clearInterval(timer)
}
