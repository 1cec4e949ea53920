/** What OSS said when it refused a form. */
export interface OssRefusal {
  status: number
  code: string
  message: string
  requestId: string
  ec: string
}

/** A refusal by OSS, or no answer at all (status 0). */
export class OssUploadError extends Error {
  readonly refusal: OssRefusal

  constructor(refusal: OssRefusal) {
    super(explainRefusal(refusal))
    this.name = 'OssUploadError'
    this.refusal = refusal
  }
}

/** Reads OSS's error XML; what is missing in it stays empty. */
export function parseRefusal(status: number, xml: string): OssRefusal {
  const read = (name: string): string => {
    const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
    return text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
  }
  return {
    status,
    code: read('Code'),
    message: read('Message'),
    requestId: read('RequestId'),
    ec: read('EC'),
  }
}

/** Whether a new signature is likely to be accepted: the old one expired, or the clock was off. */
export function needsNewSignature(refusal: OssRefusal): boolean {
  return (
    refusal.code === 'RequestTimeTooSkewed' ||
    refusal.ec === '0006-00000213' ||
    refusal.ec === '0002-00000709' ||
    /policy expired/i.test(refusal.message)
  )
}

/** A sentence that says what to do, with what support will ask for. */
export function explainRefusal(refusal: OssRefusal): string {
  const trace = [
    refusal.ec && `EC ${refusal.ec}`,
    refusal.requestId && `request ${refusal.requestId}`,
  ]
    .filter(Boolean)
    .join(', ')
  return `${sentence(refusal)}${trace === '' ? '' : ` (${trace})`}`
}

function sentence(refusal: OssRefusal): string {
  if (refusal.status === 0) {
    return 'The bucket did not answer: check the connection, and that its CORS rules allow this page.'
  }
  if (needsNewSignature(refusal)) return 'The signature has expired: try again.'
  switch (refusal.code) {
    case 'EntityTooLarge':
      return 'The file is larger than is allowed here.'
    case 'EntityTooSmall':
      return 'The file has changed since it was selected: select it again.'
    case 'FileAlreadyExists':
      return 'A file of this name is stored already: rename yours, then try again.'
    case 'PublicEndpointForbidden':
      return 'This bucket wants a custom domain: set it as the upload host.'
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
      return 'The server signs with a key that the bucket does not accept: tell its operator.'
    case 'AccessDenied':
      return `The bucket refused the file: ${refusal.message}`
    default:
      return `The bucket answered ${refusal.status} ${refusal.code}: ${refusal.message}`
  }
}
