import type { Reply } from '../call.ts'

/** 200 with an XML document. */
export function xmlReply(body: string, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'application/xml' }, body }
}
