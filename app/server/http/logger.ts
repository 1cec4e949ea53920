import { type Level, type Logger, pino } from 'pino'
import { LineBuffer } from '../../process/line-buffer.ts'

/**
 * A log on standard output. Lines are written many at a time, at the latest after a fifth of a
 * second and when the process exits: a write for each would cost as much as signing does.
 */
export function serverLog(level: Level | 'silent' = 'info'): Logger {
  // Written at once: handing the lines to another thread takes more than writing them.
  return pino({ level }, new LineBuffer(() => pino.destination({ sync: true })))
}
