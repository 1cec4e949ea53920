import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blobCrc64 } from '../../../app/client/uploader/checksum/blob-crc64.ts'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import type { MultipartPlatform } from '../../../app/client/uploader/multipart/options.ts'
import { fingerprint } from '../../../app/client/uploader/multipart/resume-store.ts'

const blob = new Blob(['content'])
const record = {
  serverUrl: 'http://server.example',
  name: 'a',
  type: '',
  size: 7,
  lastModified: 1,
  key: 'upload/a',
  token: 't',
  partSize: 10,
  uploadId: 'U',
  expires: Date.now(),
  renamed: false,
  completing: false,
}

class Blocked {
  constructor() {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
}

/** A worker whose blobs cannot be sent. */
class BrokenWorker {
  postMessage(): void {
    throw new DOMException('could not be cloned', 'DataCloneError')
  }

  terminate(): void {}
}

/** A channel without other tabs. */
class Channel {
  postMessage(): void {}
}

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('navigator', { onLine: true, userAgent: 'Firefox' })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal('Worker', BrokenWorker)
  vi.stubGlobal('localStorage', memoryStorage())
})

afterEach(() => {
  vi.unstubAllGlobals()
})

async function createPlatform(): Promise<MultipartPlatform> {
  const { browserPlatform } = await import(
    '../../../app/client/uploader/multipart/browser-platform.ts'
  )
  return browserPlatform()
}

/** Checks that checksums and records work. */
async function expectToWork({ crc64, resumeStore }: MultipartPlatform): Promise<void> {
  expect(await crc64(blob)).toBe(await blobCrc64(blob))
  resumeStore.create(record)
  expect(resumeStore.find(fingerprint(record))).toEqual(record)
}

test.each(['BroadcastChannel', 'Worker'])('the page works where %s throws', async (name) => {
  vi.stubGlobal(name, Blocked)
  const platform = await createPlatform()
  expect(platform.tabLock === undefined).toBe(name === 'BroadcastChannel')
  await expectToWork(platform)
})

test.each(['BroadcastChannel', 'Worker', 'localStorage'])(
  'the page works without %s',
  async (name) => {
    vi.stubGlobal(name, undefined)
    await expectToWork(await createPlatform())
  },
)

test('the page works where a worker takes no blobs', async () => {
  await expectToWork(await createPlatform())
})

test.each([
  ['access to localStorage', { get: () => new Blocked() }],
  ['a read from localStorage', { value: { getItem: () => new Blocked() } }],
  ['localStorage is null and a read', { value: null }],
])('the page works where %s throws', async (_, property) => {
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, ...property })
  await expectToWork(await createPlatform())
})

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    true,
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36',
    true,
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', false],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15',
    false,
  ],
])('%s fails reads of a changed file: %s', async (userAgent, expected) => {
  vi.stubGlobal('navigator', { onLine: true, userAgent })
  expect((await createPlatform()).failsChangedFiles).toBe(expected)
})
