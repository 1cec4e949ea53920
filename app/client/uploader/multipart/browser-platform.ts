import { browserConnection } from '../connection.ts'
import { ChecksumClient } from './checksum-client.ts'
import type { MultipartPlatform } from './options.ts'
import { browserResumeStore } from './resume-store.ts'
import { sendPart } from './send-part.ts'
import { TabLock } from './tab-lock.ts'

let platform: MultipartPlatform | undefined

/** Returns what uploads in parts need from the browser; one for the whole page. */
export function browserPlatform(): MultipartPlatform {
  platform ??= createPlatform()
  return platform
}

function createPlatform(): MultipartPlatform {
  const checksums = new ChecksumClient()
  return {
    sendPart,
    crc64: (blob) => checksums.crc64(blob),
    // Chromium does; Firefox and WebKit return the new bytes.
    failsChangedFiles: / Chrome\//.test(navigator.userAgent),
    resumeStore: browserResumeStore(),
    connection: browserConnection,
    ...createTabLock(),
  }
}

/** Without channels between tabs, as where site data is blocked, each tab uploads for itself. */
function createTabLock(): Pick<MultipartPlatform, 'tabLock'> {
  try {
    return { tabLock: new TabLock() }
  } catch {
    return {}
  }
}
