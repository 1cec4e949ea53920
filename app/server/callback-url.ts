/** What is asked of a callback's address, to be put behind the name of the setting. */
export const CALLBACK_URL_RULE =
  'must be one http or https URL, percent-encoded, without credentials and fragment'

/**
 * Whether OSS can be told to call this address. OSS would take up to five with semicolons between,
 * and no IPv6 addresses ("Callback", Alibaba Cloud OSS documentation).
 */
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
