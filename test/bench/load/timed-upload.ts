import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Context, Result } from '../benchmark.ts'
import { interleave, median, ratioOf } from '../statistics.ts'

const MIB = 1024 ** 2

/** One way to upload a file. */
export interface TimedUpload {
  /** For the table. */
  what: string
  /** Uploads once. @returns Seconds */
  run(): Promise<number>
}

/**
 * Measures uploads, interleaved; the first one of each is not counted.
 *
 * @param clean Removes what an upload has stored @default nothing
 * @returns Seconds of each upload by round
 */
export async function timeUploads(
  uploads: readonly TimedUpload[],
  rounds: number,
  context: Context,
  clean: () => Promise<void> = async () => {},
): Promise<Map<TimedUpload, number[]>> {
  const once = async (upload: TimedUpload): Promise<number> => {
    await flushDisk()
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

/** Flushes what earlier uploads have left to write, so that it does not slow the next one down. */
export async function flushDisk(): Promise<void> {
  if (process.platform !== 'win32') await promisify(execFile)('sync')
}

/** Returns the row that compares the speed of two uploads. @param bytes Size of the file */
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
