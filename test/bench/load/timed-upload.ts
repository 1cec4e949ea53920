import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Context, Result } from '../benchmark.ts'
import { interleave, median, ratioOf } from '../statistics.ts'

const MIB = 1024 ** 2

/** One way to upload a file of always the same size. */
export interface TimedUpload {
  /** For people. */
  what: string
  /** Seconds. */
  run(): Promise<number>
}

/**
 * Seconds of each upload, round by round and in turn; the first of each is not counted.
 *
 * @param clean Removes what an upload has left
 */
export async function timeUploads(
  uploads: readonly TimedUpload[],
  rounds: number,
  context: Context,
  clean: () => Promise<void> = async () => {},
): Promise<Map<TimedUpload, number[]>> {
  const once = async (upload: TimedUpload): Promise<number> => {
    // What others have left to be written must not cost this one.
    if (process.platform !== 'win32') await promisify(execFile)('sync')
    const seconds = await upload.run()
    await clean()
    return seconds
  }
  for (const upload of uploads) await once(upload)
  return interleave(uploads, rounds, (upload) => {
    context.report(upload.what)
    return once(upload)
  })
}

/** The row that tells how fast one upload is beside another. @param bytes Of the file */
export function speedRow(
  name: string,
  mine: TimedUpload,
  theirs: TimedUpload,
  seconds: ReadonlyMap<TimedUpload, readonly number[]>,
  bytes: number,
): Result {
  const speeds = (of: TimedUpload): number[] => (seconds.get(of) ?? []).map((s) => bytes / s)
  const text = (of: TimedUpload): string => `${(median(speeds(of)) / MIB).toFixed(0)} MiB/s`
  const ratio = ratioOf(speeds(mine), speeds(theirs))
  return {
    name,
    what: mine.what,
    against: theirs.what,
    ours: text(mine),
    theirs: text(theirs),
    ratio,
  }
}
