/** What a callback's address must be, to follow the name of a setting in a sentence. */
export const CALLBACK_URL_RULE =
  'must be one http or https URL, percent-encoded, without credentials and fragment'

/** Addresses that OSS accepts ("Callback", Alibaba Cloud OSS documentation). */
const MAX_URLS = 5

/**
 * Returns whether OSS can call these addresses: up to five, separated by semicolons, which OSS tries
 * in turn until one succeeds. No IPv6 addresses ("Callback", Alibaba Cloud OSS documentation).
 */
export function areCallbackUrls(text: string): boolean {
  const parts = text.split(';')
  return parts.length <= MAX_URLS && parts.every(isCallbackUrl)
}

/** Returns whether OSS can call an address. */
export function isCallbackUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    /^https?:\/\/[^;\s\\[\]#@]+$/.test(text) &&
    /^[\x21-\x7e]+$/.test(text) &&
    url.username === '' &&
    url.password === ''
  )
}

/** Returns path and query of each address, which OSS signs together with the body. */
export function callbackTargets(text: string): string[] {
  return text.split(';').map((part) => {
    const { pathname, search } = new URL(part)
    return pathname + search
  })
}

/**
 * Returns the addresses to call when the server also serves https: the one over https first, then
 * the given one, so that a signed form works whichever of them is served when the upload ends.
 *
 * @param given One address
 * @param origin Origin of the server over https
 */
export function securedCallbackUrl(given: string, origin: string): string {
  const { pathname, search } = new URL(given)
  const secure = `${origin}${pathname}${search}`
  return secure === new URL(given).href ? given : `${secure};${given}`
}
