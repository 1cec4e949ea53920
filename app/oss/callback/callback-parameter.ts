import { OssError } from '../errors/oss-error.ts'

/** What an uploader wants called once its object is stored. */
export interface CallbackParameter {
  /** One to five, tried in turn. */
  urls: URL[]
  /** Sent as Host. @default the URL's own */
  host?: string
  /** With variables like `${object}` in it. */
  body: string
  bodyType: 'application/x-www-form-urlencoded' | 'application/json'
}

const PARAMETER_BYTES = 5 * 1024
const URLS = 5

/**
 * Reads the base64 JSON of a callback.
 * Source: "Callback", Alibaba Cloud OSS documentation, and its HTTP 400 page for the messages.
 *
 * @throws OssError InvalidArgument
 */
export function parseCallback(base64: string): CallbackParameter {
  if (base64.length > PARAMETER_BYTES) throw new OssError('callbackTooLong')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    invalid('The callback configuration is not base64 encoded.')
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  } catch {
    parsed = undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    invalid('The callback configuration is not json format.')
  }
  const { callbackUrl, callbackHost, callbackBody, callbackBodyType } = parsed as Record<
    string,
    unknown
  >
  if (typeof callbackUrl !== 'string') invalid('The callback url configuration is invalid.')
  const texts = callbackUrl.split(';').filter((text) => text !== '')
  if (texts.length > URLS) invalid('The number of callback url exceed max value.')
  const urls = texts.map((text) => URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`))
  if (urls.length === 0 || urls.some((url) => url === null || url.hostname.startsWith('['))) {
    invalid('The callback url configuration is invalid.')
  }
  if (callbackHost !== undefined && typeof callbackHost !== 'string') {
    invalid('The callback host configuration is invalid.')
  }
  if (typeof callbackBody !== 'string' || callbackBody === '') {
    invalid('The callback body is empty.')
  }
  const bodyType = callbackBodyType ?? 'application/x-www-form-urlencoded'
  if (bodyType !== 'application/json' && bodyType !== 'application/x-www-form-urlencoded') {
    invalid('The callback body type configuration is invalid.')
  }
  return {
    urls: urls.filter((url) => url !== null),
    ...(callbackHost ? { host: callbackHost } : {}),
    body: callbackBody,
    bodyType,
  }
}

function invalid(message: string): never {
  throw new OssError('callbackInvalid', { message })
}
