import type { Reply } from '../call.ts'
import { renderXml, type XmlNode, xml } from '../xml/render-xml.ts'

/** Returns a reply with an XML document. @param status @default 200 */
export function xmlReply(root: XmlNode, status = 200): Reply {
  return documentReply(renderXml(root), status)
}

/** Returns a reply with a rendered XML document. @param status @default 200 */
export function documentReply(body: string, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'application/xml' }, body }
}

/** Formats a time for XML. Some clients read nothing but whole seconds that end in `.000Z`. @param iso ISO 8601 */
export function xmlTime(iso: string): string {
  return `${iso.slice(0, 19)}.000Z`
}

/** Returns the Owner element of listings and ACLs. */
export function ownerXml(accountId: string): XmlNode {
  return xml('Owner', [xml('ID', accountId), xml('DisplayName', accountId)])
}
