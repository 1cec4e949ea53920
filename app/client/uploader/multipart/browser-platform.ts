import { untilOnline } from '../connection.ts'
import { isBucketReachable } from '../post-form.ts'
import { ChecksumClient } from './checksum-client.ts'
import type { MultipartPlatform } from './options.ts'
import { browserResumeStore } from './resume-store.ts'
import { sendPart } from './send-part.ts'
import { TabLock } from './tab-lock.ts'

let platform: MultipartPlatform | undefined

/** What uploads in parts need of the browser; one for the whole page. */
export function browserPlatform(): MultipartPlatform {
  platform ??= create()
  return platform
}

function create(): MultipartPlatform {
  const checksums = new ChecksumClient()
  return {
    sendPart,
    checksum: (blob) => checksums.of(blob),
    records: browserResumeStore(),
    connection: { isOnline: () => navigator.onLine, untilOnline },
    tabLock: new TabLock(),
    isBucketReachable,
  }
}
