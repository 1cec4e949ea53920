/**
 * Removes a run's resources from the host when its owner ends, even by SIGKILL. Its argument is the
 * name of the run; its standard input closes when the owner ends.
 */
import { removeRunResources } from './run-resources.ts'

const [run = ''] = process.argv.slice(2)
// Ctrl-C is meant for the owner; the cleanup has yet to come.
process
  .on('SIGINT', () => {})
  .on('SIGTERM', () => {})
  .on('SIGHUP', () => {})
for await (const _ of process.stdin) {
  // Nothing is ever written.
}
await removeRunResources(run)
