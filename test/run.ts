/**
 * `npm test`: format and lint, types, then every test but those of the simulated cloud; the last
 * line is `N passed, N failed`. Arguments go to vitest: `npm test -- test/unit/signing`.
 */
import { whyNoEngine } from './browser/engines/requirements.ts'
import { finishRun, requireNode24, runCheck, runVitest } from './vitest-run.ts'

requireNode24('npm test')
const only = process.argv.slice(2)
const checks =
  only.length > 0
    ? []
    : [
        runCheck('format and lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']),
        runCheck('types', 'node_modules/typescript/bin/tsc', ['--noEmit']),
        runCheck('generated tables', 'scripts/generate-tables.ts', ['--check']),
      ]
const engines = (['firefox', 'webkit'] as const).map((name) => ({ name, why: whyNoEngine(name) }))
const available = engines.filter(({ why }) => why === undefined)
const projects = ['unit', 'browser', ...available.map(({ name }) => name)]
const tally = await runVitest([...projects.map((name) => `--project=${name}`), ...only])
for (const { why } of engines) if (why !== undefined) console.log(`SKIPPED: ${why}`)
finishRun([...checks, tally])
