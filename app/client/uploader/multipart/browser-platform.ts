import { untilOnline } from '../connection.ts'
import { bucketAnswers } from '../post-form.ts'
import { Checksums } from './checksum-pool.ts'
import type { PartsPlatform } from './options.ts'
import { keptRecords } from './resume-store.ts'
import { sendPart } from './send-part.ts'
import { TabClaims } from './tab-lock.ts'

let platform: PartsPlatform | undefined

/** What uploads in parts need of the browser; one for the whole page. */
export function browserPlatform(): PartsPlatform {
  platform ??= create()
  return platform
}

function create(): PartsPlatform {
  const checksums = new Checksums()
  return {
    sendPart,
    checksum: (blob) => checksums.of(blob),
    records: keptRecords(),
    connection: { isOnline: () => navigator.onLine, untilOnline },
    claims: new TabClaims(),
    bucketAnswers,
  }
}
