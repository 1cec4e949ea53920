/**
 * `npm run test:large`: a file of 1 GiB in a browser and one of 6 GiB in Node, which take minutes
 * and 14 GiB of disk. The last line is `N passed, N failed`.
 */
import { closeRun, needNode24, runVitest } from './vitest-run.ts'

needNode24('npm run test:large')
const GIB = 1024 ** 3
process.env.LARGE_BYTES ??= String(GIB)
process.env.NODE_BYTES ??= String(6 * GIB)
const files = ['test/browser/large-files.test.ts', 'test/unit/client/upload-in-node.test.ts']
closeRun([
  await runVitest(['--project=unit', '--project=browser', '--testTimeout=1200000', ...files]),
])
