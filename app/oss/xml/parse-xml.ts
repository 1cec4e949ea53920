import { OssError } from '../errors/oss-error.ts'
import { type XmlNode, xml } from './render-xml.ts'

/** An element that was read. Attributes and namespaces are dropped. */
export interface XmlElement {
  name: string
  children: XmlElement[]
  text: string
}

const MAX_DEPTH = 16
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Parses a small document of elements and text. It takes no DOCTYPE, so no entity is ever expanded.
 *
 * @throws OssError `MalformedXML`
 */
export function parseXml(text: string): XmlElement {
  const reader = { text: text.replace(/^\ufeff/, ''), at: 0 }
  skipMisc(reader)
  const root = readElement(reader, 0)
  skipMisc(reader)
  if (reader.at !== reader.text.length) throw new OssError('malformedXml')
  return root
}

interface Reader {
  text: string
  at: number
}

function skipMisc(reader: Reader): void {
  for (;;) {
    const misc = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)/.exec(reader.text.slice(reader.at))
    if (!misc) return
    reader.at += misc[0].length
  }
}

function readElement(reader: Reader, depth: number): XmlElement {
  const open = sticky(
    /<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y,
    reader,
  )
  if (!open || depth > MAX_DEPTH) throw new OssError('malformedXml')
  const name = open[1] as string
  const element: XmlElement = { name: name.replace(/^.*:/, ''), children: [], text: '' }
  if (open[3] === '/') return element
  for (;;) {
    const text = sticky(/[^<]+/y, reader)
    if (text) element.text += unescapeText(text[0])
    const cdata = sticky(/<!\[CDATA\[([\s\S]*?)\]\]>/y, reader)
    if (cdata) element.text += cdata[1]
    const comment = sticky(/<!--[\s\S]*?-->/y, reader)
    const close = sticky(/<\/([\w.:-]+)\s*>/y, reader)
    if (close) {
      if (close[1] !== name) throw new OssError('malformedXml')
      return element
    }
    if (!text && !cdata && !comment) element.children.push(readElement(reader, depth + 1))
  }
}

function sticky(pattern: RegExp, reader: Reader): RegExpExecArray | null {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)
  if (found) reader.at = pattern.lastIndex
  return found
}

function unescapeText(text: string): string {
  return text.replaceAll(/&([^;\s]*);?/g, (whole, name: string) => {
    const known = ENTITIES[name]
    if (known !== undefined && whole.endsWith(';')) return known
    const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const code = number ? Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10) : -1
    if (code < 1 || code > 0x10ffff || !whole.endsWith(';')) throw new OssError('malformedXml')
    return String.fromCodePoint(code)
  })
}

/** Returns the text of the first child with a name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text
}

/** Returns the texts of all children with a name. */
export function childTexts(element: XmlElement, name: string): string[] {
  return element.children.filter((child) => child.name === name).map((child) => child.text)
}

/** Converts a parsed document into one that can be rendered. */
export function toNode(element: XmlElement): XmlNode {
  return xml(
    element.name,
    element.children.length > 0 ? element.children.map(toNode) : element.text,
  )
}
