import { LineBuffer } from '@oss-direct-upload/process/line-buffer'
import { type Level, type Logger, pino } from 'pino'

/**
 * Creates a log on standard output. Lines are written in batches, at the latest after a fifth of a
 * second and when the process exits: a write for each line would take as long as signing.
 */
export function createLogger(level: Level | 'silent' = 'info'): Logger {
  // Synchronous: handing the lines to another thread takes longer than writing them.
  return pino({ level }, new LineBuffer(() => pino.destination({ sync: true })))
}
