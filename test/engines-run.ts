/**
 * `npm run test:engines`: every test of the page in Firefox and WebKit, as far as they are installed and
 * `test/browser/engines/limits.ts` allows. The last line is `N passed, N failed`.
 */
import { whyNoEngine } from './browser/engines/requirements.ts'
import { finishRun, requireNode24, runVitest } from './vitest-run.ts'

requireNode24('npm run test:engines')
process.env.ENGINE_TESTS = 'all'
const engines = (['firefox', 'webkit'] as const).map((name) => ({ name, why: whyNoEngine(name) }))
const projects = engines.filter(({ why }) => why === undefined)
for (const { why } of engines) if (why !== undefined) console.log(`SKIPPED: ${why}`)
const args = projects.map(({ name }) => `--project=${name}`)
finishRun(
  args.length > 0
    ? [await runVitest([...args, ...process.argv.slice(2)])]
    : [{ passed: 0, failed: 0 }],
)
