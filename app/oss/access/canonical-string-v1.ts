import { type SignedRequest, signedHeader } from './signed-request.ts'

/** Query parameters that a V1 signature covers. All others can be changed without a new signature. */
const SUBRESOURCES = new Set(
  `acl accessmonitor append bucketInfo callback callback-var cname comp continuation-token cors
  delete encryption endTime inventory lifecycle live location logging objectMeta overwriteConfig partNumber policy
  policyStatus position publicAccessBlock qos referer replication requestPayment resourceGroup
  response-cache-control response-content-disposition response-content-encoding
  response-content-language response-content-type response-expires restore security-token
  sequential startTime stat status style styleName symlink tagging transferAcceleration uploadId
  uploads versionId versioning versions vod website worm wormExtend wormId x-oss-process
  x-oss-request-payer x-oss-traffic-limit`.split(/\s+/),
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
    .filter(([name]) => SUBRESOURCES.has(name))
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
