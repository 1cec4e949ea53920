/** What an allowed origin must be, to follow the name of a setting in a sentence. */
export const ORIGIN_PATTERN_RULE =
  'must list origins like https://host, https://*.host or capacitor://localhost, with one * each at most, or *'

const ORIGIN = /^(https?|capacitor|ionic):\/\/(?:[a-z0-9*_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/**
 * Returns an allowed origin without a slash at its end. It must be written as browsers write it: in lower
 * case, without the port that is its scheme's default.
 *
 * @param text As PutBucketCors takes it ("PutBucketCors", Alibaba Cloud OSS documentation): an origin,
 *   with at most one `*` for any characters. Apps have the schemes `capacitor` and `ionic`
 * @returns undefined for anything else
 */
export function originPattern(text: string): string | undefined {
  if (text === '*') return text
  const origin = text.replace(/\/$/, '')
  if (!ORIGIN.test(origin) || origin.split('*').length > 2) return undefined
  if (!origin.startsWith('http')) return origin
  // A label in place of the asterisk makes it a URL.
  const url = origin.replace('*', 'a-z')
  return URL.parse(url)?.origin === url ? origin : undefined
}

/** Returns whether a browser's origin matches an allowed one. */
export function matchesOrigin(pattern: string, origin: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return origin === pattern
  return (
    origin.length >= start.length + end.length && origin.startsWith(start) && origin.endsWith(end)
  )
}
