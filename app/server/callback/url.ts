/** What is asked of a callback's address, to be put behind the name of the setting. */
export const CALLBACK_URL_RULE =
  'must be one http or https URL, percent-encoded, without credentials and fragment'

/** How many addresses OSS takes ("Callback", Alibaba Cloud OSS documentation). */
const MOST = 5

/**
 * Whether OSS can be told to call this address, or these: up to five with semicolons between, tried
 * in turn until one answers well. No IPv6 addresses ("Callback", Alibaba Cloud OSS documentation).
 */
export function areCallbackUrls(text: string): boolean {
  const parts = text.split(';')
  return parts.length <= MOST && parts.every(isCallbackUrl)
}

/** Whether a text is one address that OSS can be told to call. */
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

/** What a callback is signed for, beside its body: path and query of each address. */
export function callbackTargets(text: string): string[] {
  return text.split(';').map((part) => {
    const { pathname, search } = new URL(part)
    return pathname + search
  })
}

/**
 * The addresses to call when https is served beside http: by https first, and by the address that
 * was given when that fails, so that what is signed holds whichever is served once the file is there.
 *
 * @param given One address
 * @param origin Over https
 */
export function securedCallbackUrl(given: string, origin: string): string {
  const { pathname, search } = new URL(given)
  const secure = `${origin}${pathname}${search}`
  return secure === new URL(given).href ? given : `${secure};${given}`
}
