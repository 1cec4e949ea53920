import { readFileSync } from 'node:fs'

/** Processor time of the whole machine since it started, in any unit. */
export interface ProcessorTime {
  /** In which there was work. */
  busy: number
  /** Of it, in which the host let another machine work ("steal"). */
  stolen: number
}

/**
 * Source: proc_stat(5).
 *
 * @param stat The text of `/proc/stat`
 * @returns undefined where the system does not tell
 */
export function processorTime(stat = statOfSystem()): ProcessorTime | undefined {
  const [, user, nice, system, , , irq, softirq, stolen] =
    /^cpu {2}.*/.exec(stat)?.[0].split(/ +/).map(Number) ?? []
  if (stolen === undefined) return undefined
  const own = [user, nice, system, irq, softirq].reduce<number>((sum, time = 0) => sum + time, 0)
  return { busy: own + stolen, stolen }
}

/** How much of the time in which there was work the host gave to other machines, 0 to 1. */
export function stolenShare(from: ProcessorTime, to: ProcessorTime): number {
  return (to.stolen - from.stolen) / Math.max(1, to.busy - from.busy)
}

function statOfSystem(): string {
  try {
    return readFileSync('/proc/stat', 'utf8')
  } catch {
    return ''
  }
}
