import { totalmem } from 'node:os'
import { defineConfig } from 'vitest/config'

// On a busy machine a browser, an engine or a program may be late once; the report shows the retry.
const retry = process.env.CI ? 1 : 0

// Many tests wait for a browser, a connection or a program, so unit and browser tests share one pool.
const maxWorkers = 3

// `npm test` runs a walk through the page in Firefox and WebKit, `npm run test:engines` everything.
const inOtherEngines =
  process.env.ENGINE_TESTS === 'all' ? 'test/browser/**/*.test.ts' : 'test/browser/journeys.test.ts'

/** Tests of the page in one engine; `test/browser/engines/limits.ts` says what an engine cannot do. */
function browserProject(name: string, engine: string, include: string[]) {
  return {
    test: {
      name,
      include,
      env: { BROWSER_ENGINE: engine },
      testTimeout: 120_000,
      hookTimeout: 120_000,
      maxWorkers,
      retry,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/unit/**/*.test.ts',
            'test/peers/**/*.test.ts',
            'test/cloud/unit/**/*.test.ts',
          ],
          testTimeout: 30_000,
          maxWorkers,
          retry,
        },
      },
      browserProject('browser', 'chromium', ['test/browser/**/*.test.ts']),
      browserProject('firefox', 'firefox', [inOtherEngines]),
      browserProject('webkit', 'webkit', [inOtherEngines]),
      {
        test: {
          name: 'packages',
          include: ['test/packages/**/*.test.ts'],
          globalSetup: 'test/packages/pack-once.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers,
          retry,
        },
      },
      {
        test: {
          name: 'large',
          include: ['test/large/**/*.test.ts'],
          testTimeout: 20 * 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          retry,
        },
      },
      {
        test: {
          name: 'cloud',
          include: ['test/cloud/{toolchain,https,stack,machine,e2e}/**/*.test.ts'],
          testTimeout: 15 * 60_000,
          hookTimeout: 15 * 60_000,
          retry,
          // A deployment mostly waits. Engine, provider, program and a machine take up to 2 GB.
          maxWorkers: totalmem() > 14e9 ? 6 : 4,
        },
      },
    ],
  },
})
