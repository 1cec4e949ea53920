import type { OssError } from '../errors/oss-error.ts'
import { renderXml, type XmlNode, xml } from './render-xml.ts'

/**
 * Returns the XML document of an error, with its elements in the order of OSS.
 * Source: "Error responses", Alibaba Cloud OSS documentation.
 */
export function errorDocument(error: OssError, requestId: string, host: string): string {
  const elements: [string, XmlNode['content']][] = [
    ['Code', error.code],
    ['Message', error.message],
    ['RequestId', requestId],
    ['HostId', host],
    ...Object.entries(error.details),
    ['EC', error.ec],
    ['RecommendDoc', `https://api.aliyun.com/troubleshoot?q=${error.ec}`],
  ]
  return renderXml(
    xml(
      'Error',
      elements.map(([name, value]) => xml(name, value)),
    ),
  )
}
