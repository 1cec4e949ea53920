import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Numbers of passed and failed checks. */
export interface Tally {
  passed: number
  failed: number
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** Ends the process when its Node is too old for the tests. */
export function requireNode24(command: string): void {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major >= 24) return
  console.error(`Node ${process.versions.node} is too old; run "${command}", which brings Node 24.`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

/** Runs a script of this project or of a package, which passes when its exit code is 0. */
export function runCheck(title: string, script: string, args: readonly string[]): Tally {
  console.log(`\n> ${title}`)
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Runs vitest and counts the tests. */
export async function runVitest(args: readonly string[]): Promise<Tally> {
  // Several runs may happen at once.
  const name = `../.vitest/report-${process.pid}.json`
  const report = fileURLToPath(new URL(name, import.meta.url))
  console.log('\n> tests')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args],
    { cwd: root, stdio: 'inherit' },
  )
  try {
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(
      await readFile(report, 'utf8'),
    ) as { numPassedTests: number; numFailedTests: number }
    // A file that fails to load, or an unhandled error, fails the run without a failed test.
    return { passed, failed: status !== 0 && failed === 0 ? 1 : failed }
  } catch {
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(report, { force: true })
  }
}

/** Prints the last line and sets the exit code. */
export function finishRun(tallies: readonly Tally[]): void {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}
