import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type EmbeddedOss, type EmbeddedOssOptions, startEmbeddedOss } from '../app/oss/index.ts'
import { OWNER } from './owner.ts'

export { OWNER }

/** An embedded OSS of the running test. */
export interface TestOss {
  readonly root: string
  readonly oss: EmbeddedOss
  readonly port: number
  /** `http://127.0.0.1:PORT`, which is bound to the bucket `photos`. */
  readonly origin: string
  /** Stops it and starts another one on the same folder. @param change @default none */
  restart(change?: Partial<EmbeddedOssOptions>): Promise<void>
}

/**
 * Starts an embedded OSS with the bucket `photos` on a new folder before each test, and removes both
 * after it.
 *
 * @param scope One for each test, or one for all tests of the file @default 'each'
 */
export function useEmbeddedOss(
  options: Partial<EmbeddedOssOptions> = {},
  scope: 'each' | 'all' = 'each',
): TestOss {
  let root: string
  let oss: EmbeddedOss
  const start = async (change: Partial<EmbeddedOssOptions> = {}): Promise<void> => {
    oss = await startEmbeddedOss({
      dir: root,
      keys: [OWNER],
      buckets: [{ name: 'photos' }],
      bucketOfAddress: 'photos',
      ...options,
      ...change,
    })
  }
  const before = scope === 'each' ? beforeEach : beforeAll
  const after = scope === 'each' ? afterEach : afterAll
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'oss-'))
    await start()
  })
  after(async () => {
    await oss.close()
    await rm(root, { recursive: true })
  })
  return {
    get root() {
      return root
    },
    get oss() {
      return oss
    },
    get port() {
      return oss.port
    },
    get origin() {
      return `http://127.0.0.1:${oss.port}`
    },
    async restart(change) {
      await oss.close()
      await start(change)
    },
  }
}
