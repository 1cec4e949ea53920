import type { OssError } from './errors.ts'

/**
 * The XML that OSS answers a refusal with, children in its order.
 * Source: "Error responses", Alibaba Cloud OSS documentation.
 */
export function errorDocument(error: OssError, requestId: string, host: string): string {
  const elements: [string, string][] = [
    ['Code', error.code],
    ['Message', error.message],
    ['RequestId', requestId],
    ['HostId', host],
    ...Object.entries(error.details),
  ]
  if (error.ec !== '') {
    elements.push(['EC', error.ec])
    elements.push(['RecommendDoc', `https://api.aliyun.com/troubleshoot?q=${error.ec}`])
  }
  return xmlDocument('Error', elements)
}

/** A document of one level, indented by two spaces. */
export function xmlDocument(root: string, elements: readonly [string, string][]): string {
  const lines = elements.map(([name, value]) => `  <${name}>${escapeXml(value)}</${name}>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${lines.join('')}</${root}>\n`
}

function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"]/g, (c) => `&${names[c]};`)
}
