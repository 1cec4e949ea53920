import type { LineOptions } from './line.ts'

/** A line of the benchmark. */
export interface LineCase extends LineOptions {
  name: string
  title: string
}

/** The files of one upload. */
export interface Load {
  name: string
  title: string
  files: number
  /** Bytes of each file. */
  size: number
}

export const LINES: readonly LineCase[] = [
  { name: '10ms', title: '10 ms, 1 Gbit/s', roundTripMs: 10, bitsPerSecond: 1e9 },
  { name: '60ms', title: '60 ms, 50 Mbit/s', roundTripMs: 60, bitsPerSecond: 50e6 },
  { name: '200ms', title: '200 ms, 100 Mbit/s', roundTripMs: 200, bitsPerSecond: 100e6 },
]

const KB = 1024
const MB = 1024 ** 2

export const LOADS: readonly Load[] = [
  { name: 'small', title: '1,000 x 100 KB', files: 1000, size: 100 * KB },
  { name: 'medium', title: '100 x 3 MB', files: 100, size: 3 * MB },
  { name: 'large', title: '4 x 250 MB', files: 4, size: 250 * MB },
]

/** A tenth of the data of each load: fewer files, or smaller ones where there are only four. */
export const QUICK_LOADS: readonly Load[] = [
  { name: 'small', title: '100 x 100 KB', files: 100, size: 100 * KB },
  { name: 'medium', title: '10 x 3 MB', files: 10, size: 3 * MB },
  { name: 'large', title: '4 x 25 MB', files: 4, size: 25 * MB },
]

/** Returns the seconds that a line needs for the data alone, without any round trip. */
export function lineSeconds({ bitsPerSecond }: LineCase, { files, size }: Load): number {
  return (files * size * 8) / bitsPerSecond
}
