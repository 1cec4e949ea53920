/**
 * `npm test`: format and lint, types, then every test but those of the simulated cloud; the last
 * line is `N passed, N failed`. Arguments go to vitest: `npm test -- test/unit/signing`.
 */
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
finishRun([...checks, await runVitest(['--project=unit', '--project=browser', ...only])])
