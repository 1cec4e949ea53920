/**
 * Waits for the process that started it to end, however it ends, and takes away what that run left
 * on the host. Started with the name of the run; standard input stays open as long as the owner
 * lives.
 */
import { removeLeftovers } from './run-resources.ts'

const [run = ''] = process.argv.slice(2)
// Ctrl-C is for the owner; this one still has work to do.
process
  .on('SIGINT', () => {})
  .on('SIGTERM', () => {})
  .on('SIGHUP', () => {})
for await (const _ of process.stdin) {
  // Nothing is ever written.
}
await removeLeftovers(run)
