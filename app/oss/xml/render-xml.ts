/** An element to write: a list of elements, or text. */
export interface XmlNode {
  name: string
  content: string | readonly XmlNode[]
}

/** Returns an element. @param content @default '' */
export function xml(name: string, content: XmlNode['content'] = ''): XmlNode {
  return { name, content }
}

/** Returns an element in a list, or an empty list when there is no value. */
export function optionalXml(name: string, value: string | undefined): XmlNode[] {
  return value === undefined ? [] : [xml(name, value)]
}

/** Returns the document, indented by two spaces like that of OSS. */
export function renderXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}`
}

function render({ name, content }: XmlNode, indent: string): string {
  if (typeof content === 'string') return `${indent}<${name}>${escapeText(content)}</${name}>\n`
  if (content.length === 0) return `${indent}<${name}></${name}>\n`
  const children = content.map((child) => render(child, `${indent}  `)).join('')
  return `${indent}<${name}>\n${children}${indent}</${name}>\n`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeText(text: string): string {
  return text.replaceAll(
    /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g,
    (c) => ESCAPES[c] ?? `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`,
  )
}
