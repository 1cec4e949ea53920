import { randomBytes, randomUUID } from 'node:crypto'

/** Longest key that OSS takes, in bytes of UTF-8 ("PostObject", Alibaba Cloud OSS documentation). */
const KEY_BYTES = 1023

/** `unique` puts a random folder before the name; `keep` uses the name as it is. */
export type NamingMode = 'unique' | 'keep'

export interface ObjectKeyInput {
  /** Key prefix; a slash is put behind it unless it is empty or has one. */
  dir: string
  /** What the user's file is called; folders before the name are kept. */
  name: string
  /** @default 'unique' */
  naming?: NamingMode
  /** Text for the random part, for tests. @default 16 random hex characters */
  random?: () => string
}

/**
 * The key for a user's file: always under `dir`, never with `.` or `..` segments, control
 * characters, backslashes or empty segments, and at most 1,023 bytes of UTF-8. A name that is too
 * long loses its middle: the extension stays.
 *
 * @returns undefined when nothing of the name is left to use
 */
export function objectKey(input: ObjectKeyInput): string | undefined {
  const segments = safeSegments(input.name)
  const name = segments.pop()
  if (name === undefined) return undefined
  const dir = input.dir === '' || input.dir.endsWith('/') ? input.dir : `${input.dir}/`
  const random = input.random ?? longRandom
  const unique = input.naming === 'keep' ? '' : `${random()}/`
  const folders = segments.map((segment) => `${segment}/`).join('')
  const key = `${dir}${folders}${unique}${name}`
  // No character takes more bytes than three: most keys need not be measured.
  if (key.length * 3 <= KEY_BYTES) return key
  const bytesLeft = KEY_BYTES - bytes(dir) - bytes(unique)
  if (bytes(folders) + bytes(name) <= bytesLeft) return key
  return bytesLeft < 1 ? undefined : `${dir}${unique}${shorten(name, bytesLeft)}`
}

/** `photo.jpg` with ` (random)` before its extension: how a name that is taken is kept beside it. */
export function renamed(name: string, random: () => string = shortRandom): string {
  const slash = name.lastIndexOf('/') + 1
  const stem = splitExtension(name.slice(slash))
  return `${name.slice(0, slash)}${stem.base} (${random()})${stem.extension}`
}

// Of a UUID, whose random bytes Node draws many at a time, the ends: 64 bits, all of them random.
function longRandom(): string {
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(-8)
}

function shortRandom(): string {
  return randomBytes(4).toString('hex')
}

function safeSegments(name: string): string[] {
  // Most names have nothing to be mended.
  if (/^[A-Za-z0-9](?:[A-Za-z0-9 ._()-]*[A-Za-z0-9])?$/.test(name)) return [name]
  return (
    name
      .toWellFormed()
      .replaceAll('\\', '/')
      // Control characters, and the marks that would turn the text around where it is shown.
      .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
      // The variable that OSS itself would replace in a key.
      .replaceAll('${', '_{')
      .split('/')
      .map((segment) => segment.trim())
      .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
  )
}

function shorten(name: string, bytesLeft: number): string {
  const { base, extension } = splitExtension(name)
  if (bytes(extension) >= bytesLeft) return cut(name, bytesLeft)
  return cut(base, bytesLeft - bytes(extension)) + extension
}

function splitExtension(name: string): { base: string; extension: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return { base: name, extension: '' }
  return { base: name.slice(0, dot), extension: name.slice(dot) }
}

/** The longest start of a text that fits in so many bytes, cut between code points. */
function cut(text: string, bytesLeft: number): string {
  let kept = ''
  let used = 0
  for (const character of text) {
    used += bytes(character)
    if (used > bytesLeft) break
    kept += character
  }
  return kept
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
