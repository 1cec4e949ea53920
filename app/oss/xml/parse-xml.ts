import { OssError } from '../errors/oss-error.ts'

/** An element to write; a list of content makes children, text makes text. */
export interface XmlNode {
  name: string
  content: string | readonly XmlNode[]
}

/** An element that was read; attributes and namespaces are dropped. */
export interface XmlElement {
  name: string
  children: XmlElement[]
  text: string
}

const DEPTH = 16
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Shorthand to build an element. */
export function xml(name: string, content: XmlNode['content'] = ''): XmlNode {
  return { name, content }
}

/** The document, indented by two spaces as OSS writes it. */
export function renderXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}`
}

function render({ name, content }: XmlNode, indent: string): string {
  if (typeof content === 'string') return `${indent}<${name}>${escapeText(content)}</${name}>\n`
  if (content.length === 0) return `${indent}<${name}></${name}>\n`
  const children = content.map((child) => render(child, `${indent}  `)).join('')
  return `${indent}<${name}>\n${children}${indent}</${name}>\n`
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g, (c) => {
    if (c === '&') return '&amp;'
    if (c === '<') return '&lt;'
    if (c === '>') return '&gt;'
    if (c === '"') return '&quot;'
    return `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`
  })
}

/**
 * Reads a small document: elements and text only, no DOCTYPE, so that nothing is ever expanded.
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
  if (!open || depth > DEPTH) throw new OssError('malformedXml')
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

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text
}

/** The texts of every child of that name. */
export function childTexts(element: XmlElement, name: string): string[] {
  return element.children.filter((child) => child.name === name).map((child) => child.text)
}

/** A read document as one to write: what a configuration call gives back. */
export function toNode(element: XmlElement): XmlNode {
  return xml(
    element.name,
    element.children.length > 0 ? element.children.map(toNode) : element.text,
  )
}
