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

/** Returns the Owner element of listings and ACLs. */
export function ownerXml(accountId: string): XmlNode {
  return xml('Owner', [xml('ID', accountId), xml('DisplayName', accountId)])
}
