import { untilOnline } from '../uploader/connection.ts'
import { bucketAnswers } from '../uploader/post-form.ts'
import { Checksums } from './checksums.ts'
import type { PartsPlatform } from './parts-input.ts'
import { sendPart } from './send-part.ts'
import { TabClaims } from './tab-claims.ts'
import { keptRecords } from './upload-record.ts'

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
