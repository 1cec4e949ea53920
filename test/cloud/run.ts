/**
 * `npm run test:cloud`: the stack by the real engine and the real provider against the simulated
 * cloud. Builds engine and provider first where they are not installed; where that cannot be, it
 * says what was not tested. The last line is `N passed, N failed`.
 */
import { closeRun, needNode24, runVitest } from '../vitest-run.ts'
import { ToolchainError } from './toolchain/go-program.ts'
import { findToolchain } from './toolchain/toolchain.ts'

needNode24('npm run test:cloud')
try {
  await findToolchain((line) => console.log(line))
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error
  console.log('SKIPPED: nothing of the stack was tested against the simulated cloud, because')
  console.log(error.message)
  console.log('\n0 passed, 0 failed, 1 skipped')
  process.exit(2)
}
closeRun([await runVitest(['--project=cloud', ...process.argv.slice(2)])])
