import { type SignedRequest, signedHeader } from './signed-request.ts'
import { SUBRESOURCES } from './subresources.ts'

/**
 * Query parameters that a V1 signature covers beside the subresources: the union of what the signers of
 * the official SDKs cover. All others can be changed without a new signature.
 */
const PARAMETERS = new Set(
  `callback callback-var continuation-token endTime inventoryId partNumber position response-cache-control
  response-content-disposition response-content-encoding response-content-language response-content-type
  response-expires security-token sequential startTime styleName udfId udfName versionId
  x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-request-payer
  x-oss-traffic-limit`.split(/\s+/),
)

/**
 * Returns the text that a V1 signature covers.
 * Source: "Include V1 signatures in the Authorization header", Alibaba Cloud OSS documentation.
 *
 * @param date The date as sent, or the `Expires` of a URL
 */
export function canonicalStringV1(request: SignedRequest, date: string): string {
  const header = (name: string): string => signedHeader(request, name)?.trim() ?? ''
  const ossHeaders = request.headers
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const query = request.query
    .filter(([name]) => PARAMETERS.has(name) || (SUBRESOURCES.has(name) && name !== 'list-type'))
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const path = request.bucket === undefined ? '/' : `/${request.bucket}/${request.key ?? ''}`
  const resource = query === '' ? path : `${path}?${query}`
  return [
    request.method,
    header('content-md5'),
    header('content-type'),
    date,
    `${ossHeaders}${resource}`,
  ].join('\n')
}
