/**
 * `npm run test:packages`: packs the npm packages and tests them where nothing else of this repository
 * is. The last line is `N passed, N failed`.
 */
import { finishRun, requireNode24, runVitest } from './vitest-run.ts'

requireNode24('npm run test:packages')
finishRun([await runVitest(['--project=packages', ...process.argv.slice(2)])])
