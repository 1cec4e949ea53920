/**
 * `npm run test:large`: uploads 1 GiB in a browser and 6 GiB in Node. A test for which the disk has no
 * room is skipped with a message. The last line is `N passed, N failed`.
 */
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { finishRun, requireNode24, runVitest } from './vitest-run.ts'

requireNode24('npm run test:large')

const GIB = 1024 ** 3
/** Disk space that each test needs, in bytes. */
const NEEDS = {
  // The file and the object.
  'test/large/one-gibibyte.test.ts': 3 * GIB,
  // Sparse, on disk and in the bucket.
  'test/large/six-gibibytes.test.ts': 1 * GIB,
}

const { bavail, bsize } = await statfs(tmpdir())
const fits: string[] = []
const skipped: string[] = []
let left = bavail * bsize
for (const [file, bytes] of Object.entries(NEEDS)) {
  if (bytes > left) {
    skipped.push(
      `SKIPPED: ${file} needs ${bytes / GIB} GiB, and ${tmpdir()} has ${(left / GIB).toFixed(1)}`,
    )
    continue
  }
  fits.push(file)
  left -= bytes
}
const none = { passed: 0, failed: 0 }
const tally = fits.length > 0 ? await runVitest(['--project=large', ...fits]) : none
if (skipped.length > 0) {
  console.log(`\n${skipped.join('\n')}`)
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${skipped.length} skipped`)
  process.exit(tally.failed > 0 ? 1 : 2)
}
finishRun([tally])
