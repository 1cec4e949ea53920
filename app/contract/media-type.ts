/** Characters of a token (RFC 9110, 5.6.2) but `*`, which stands for every type in lists. */
const TOKEN = "[!#$%&'+.^_`|~0-9A-Za-z-]+"
const PARAMETER = `[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|"[^"\\\\\\x00-\\x1f\\x7f-\\uffff]*")`
const MEDIA_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})(?:${PARAMETER})*$`)
const MAX_LENGTH = 255

/** Other names that browsers and operating systems use, by the type that they mean. */
const ALIASES: Readonly<Record<string, string>> = {
  'application/javascript': 'text/javascript',
  'application/x-gzip': 'application/gzip',
  'application/x-javascript': 'text/javascript',
  'application/x-pdf': 'application/pdf',
  'application/x-rar': 'application/vnd.rar',
  'application/x-rar-compressed': 'application/vnd.rar',
  'application/x-zip': 'application/zip',
  'application/x-zip-compressed': 'application/zip',
  'audio/mp3': 'audio/mpeg',
  'audio/vnd.wave': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'image/pjpeg': 'image/jpeg',
  'image/x-icon': 'image/vnd.microsoft.icon',
  'image/x-ms-bmp': 'image/bmp',
  'image/x-png': 'image/png',
  'text/x-markdown': 'text/markdown',
  'text/xml': 'application/xml',
}

/**
 * Returns the essence of a media type: `type/subtype` in lower case, without parameters, and under
 * its registered name.
 *
 * @param name Name of the file: Windows with Excel sends `application/vnd.ms-excel` for `.csv`
 * @returns undefined for a text that is no media type of RFC 9110, 8.3.1
 */
export function mediaTypeEssence(text: string, name = ''): string | undefined {
  const [, found] = (text.length <= MAX_LENGTH && MEDIA_TYPE.exec(text.trim())) || []
  if (found === undefined) return undefined
  const essence = found.toLowerCase()
  if (essence === 'application/vnd.ms-excel' && /\.csv$/i.test(name)) return 'text/csv'
  return Object.hasOwn(ALIASES, essence) ? ALIASES[essence] : essence
}

/**
 * Returns whether browsers run scripts in a type: HTML, SVG, every other XML, and the types that they
 * sniff for HTML ("MIME Sniffing", WHATWG).
 */
export function isActiveType(essence: string): boolean {
  return /^text\/(html|xsl)$|[/+]xml$|\/unknown$/.test(essence)
}
