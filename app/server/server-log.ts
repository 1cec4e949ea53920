import { type Level, type Logger, pino } from 'pino'

/**
 * A log on standard output. Lines are written many at a time, at the latest after a fifth of a
 * second and when the process exits: a write for each would cost as much as signing does.
 */
export function serverLog(level: Level | 'silent' = 'info'): Logger {
  return pino({ level }, pino.destination({ sync: false, minLength: 4096, periodicFlush: 200 }))
}
