import { readFileSync } from 'node:fs'

/** Processor time of the whole machine since boot, in any unit. */
export interface ProcessorTime {
  /** Time with work to do. */
  busy: number
  /** Part of it that the host gave to other machines ("steal"). */
  stolen: number
}

/**
 * Reads the processor time. Source: proc_stat(5).
 *
 * @param stat Content of `/proc/stat`
 * @returns undefined where the system does not report it
 */
export function processorTime(stat = statOfSystem()): ProcessorTime | undefined {
  const [, user, nice, system, , , irq, softirq, stolen] =
    /^cpu {2}.*/.exec(stat)?.[0].split(/ +/).map(Number) ?? []
  if (stolen === undefined) return undefined
  const own = [user, nice, system, irq, softirq].reduce<number>((sum, time = 0) => sum + time, 0)
  return { busy: own + stolen, stolen }
}

/** Returns the share of the busy time that the host gave to other machines, 0 to 1. */
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
