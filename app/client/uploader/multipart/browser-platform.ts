import { crc64 } from '../checksum/index.ts'
import { browserConnection } from '../connection.ts'
import { failsChangedFiles } from '../source-file.ts'
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
  return {
    sendPart,
    crc64,
    failsChangedFiles: failsChangedFiles(),
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
