/**
 * `npm run test:cloud`: deploys the stack with the real engine and provider to the simulated cloud. Builds
 * engine and provider unless they are installed, and boots machines where this process may. What cannot
 * be tested is named. The last line is `N passed, N failed`.
 */
import { finishRun, requireNode24, runVitest } from '../vitest-run.ts'
import { guestImage } from './machine/guest-image.ts'
import { MachineUnavailable, NO_MACHINE, prepareHost } from './machine/host.ts'
import { ToolchainError } from './toolchain/go-program.ts'
import { findPebble } from './toolchain/pebble.ts'
import { findToolchain } from './toolchain/toolchain.ts'

requireNode24('npm run test:cloud')
try {
  await findToolchain((line) => console.log(line))
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error
  console.log('SKIPPED: the stack was not deployed to the simulated cloud, because')
  console.log(error.message)
  console.log('\n0 passed, 0 failed, 1 skipped')
  process.exit(2)
}
await findPebble((line) => console.log(line)).catch((error: unknown) => {
  if (!(error instanceof ToolchainError)) throw error
  console.log(`SKIPPED: no certificate was ordered, because\n${error.message}`)
})
let noMachine = ''
try {
  await prepareHost((line) => console.log(line))
  await guestImage((line) => console.log(line))
} catch (error) {
  if (!(error instanceof MachineUnavailable)) throw error
  noMachine = `SKIPPED: no instance was booted, because\n${error.message}`
  process.env[NO_MACHINE] = error.message
  console.log(noMachine)
}
const tally = await runVitest(['--project=cloud', ...process.argv.slice(2)])
if (noMachine !== '') console.log(`\n${noMachine}`)
finishRun([tally])
