/**
 * `npm test`: format and lint, types, then every test; the last line is `N passed, N failed`.
 * Arguments go to vitest: `npm test -- test/unit/signing`.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const reportPath = fileURLToPath(new URL('../.vitest/report.json', import.meta.url))
const bin = (path: string): string =>
  fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url))

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(`Node ${process.versions.node} is too old; run "npm test", which brings Node 24.`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

let passed = 0
let failed = 0

function check(title: string, script: string, args: string[]): void {
  console.log(`\n> ${title}`)
  const { status } = spawnSync(process.execPath, [bin(script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status === 0) passed += 1
  else failed += 1
}

const only = process.argv.slice(2)
if (only.length === 0) {
  check('format and lint', '@biomejs/biome/bin/biome', ['check', '.'])
  check('types', 'typescript/bin/tsc', ['--noEmit'])
}

rmSync(reportPath, { force: true })
console.log('\n> tests')
const tests = spawnSync(
  process.execPath,
  [
    bin('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    ...only,
  ],
  { cwd: root, stdio: 'inherit' },
)
try {
  const report = JSON.parse(await readFile(reportPath, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numFailedTestSuites: number
  }
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A suite that could not be loaded, or an unhandled error, has no failing test to count.
  if (tests.status !== 0 && report.numFailedTests === 0) failed += 1
} catch {
  failed += 1
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
