import { OssError } from '../errors/oss-error.ts'
import { isPrivateHost } from './private-address.ts'

/** A callback to make once an object is stored. */
export interface CallbackParameter {
  /** One to five, tried in order. */
  urls: URL[]
  /** Value of the Host header. @default the host of the URL */
  host?: string
  /** May have variables, e.g. `${object}`. */
  body: string
  bodyType: 'application/x-www-form-urlencoded' | 'application/json'
}

const MAX_PARAMETER_BYTES = 5 * 1024
const MAX_URLS = 5

/**
 * Parses the base64 JSON of a callback.
 * Source: "Callback", Alibaba Cloud OSS documentation, and its HTTP 400 page for the messages.
 *
 * @param allowPrivate Whether private and loopback addresses may be called
 * @throws OssError InvalidArgument
 */
export function parseCallback(base64: string, allowPrivate: boolean): CallbackParameter {
  if (base64.length > MAX_PARAMETER_BYTES) throw new OssError('callbackTooLong')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    invalid('The callback configuration is not base64 encoded.')
  }
  const parsed = parseBase64Json(base64)
  if (!parsed) invalid('The callback configuration is not json format.')
  const { callbackUrl, callbackHost, callbackBody, callbackBodyType } = parsed
  if (typeof callbackUrl !== 'string') invalid('The callback url configuration is invalid.')
  const texts = callbackUrl.split(';').filter((text) => text !== '')
  if (texts.length > MAX_URLS) invalid('The number of callback url exceed max value.')
  const urls = texts.map((text) => URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`))
  if (urls.length === 0 || urls.some((url) => url === null || url.hostname.startsWith('['))) {
    invalid('The callback url configuration is invalid.')
  }
  if (!allowPrivate && urls.some((url) => url !== null && isPrivateHost(url.hostname))) {
    invalid('Private address is forbidden to callback.')
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

/**
 * Parses the base64 JSON of a callback's custom variables.
 *
 * @param allowPrivate Whether private and loopback addresses may be called
 * @throws OssError InvalidArgument
 */
export function parseCallbackVariables(base64: string): Record<string, string> {
  const parsed = parseBase64Json(base64)
  const entries = Object.entries(parsed ?? { '': '' })
  if (!entries.every(([name, value]) => name.startsWith('x:') && typeof value === 'string')) {
    invalid('The callback var configuration is not json format.')
  }
  return parsed as Record<string, string>
}

function parseBase64Json(base64: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return parsed as Record<string, unknown>
  } catch {
    return undefined
  }
}

function invalid(message: string): never {
  throw new OssError('callbackInvalid', { message })
}
