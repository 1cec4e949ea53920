import { POST_LIMITS } from '@oss-direct-upload/signing'
import { randomHex } from './random-hex.ts'

/** `unique` puts a random folder before the name; `keep` uses the name as it is. */
export type NamingMode = 'unique' | 'keep'

export interface ObjectKeyInput {
  /** Key prefix; a slash is added unless it is empty or ends with one. */
  dir: string
  /** Name of the user's file; folders before the name are kept. */
  name: string
  /** @default 'unique' */
  naming?: NamingMode
  /** Returns the random part. @default 16 random hex characters */
  random?: () => string
}

/**
 * Returns the key for a user's file: always under `dir`, never with `.` or `..` segments, control
 * characters, backslashes or empty segments, and at most 1,023 bytes of UTF-8. A name that is too
 * long is cut before its extension.
 *
 * @returns undefined when nothing of the name can be used
 */
export function objectKey(input: ObjectKeyInput): string | undefined {
  const { naming = 'unique', random = randomHex } = input
  const segments = safeSegments(input.name)
  const name = segments.pop()
  if (name === undefined) return undefined
  const dir = input.dir === '' || input.dir.endsWith('/') ? input.dir : `${input.dir}/`
  const unique = naming === 'keep' ? '' : `${random()}/`
  const key = `${dir}${segments.map((segment) => `${segment}/`).join('')}${unique}${name}`
  if (bytes(key) <= POST_LIMITS.keyBytes) return key
  const bytesLeft = POST_LIMITS.keyBytes - bytes(dir) - bytes(unique)
  return bytesLeft < 1 ? undefined : `${dir}${unique}${shorten(name, bytesLeft)}`
}

/** Returns `photo.jpg` as `photo (random).jpg`, a name next to an existing one. */
export function renamed(name: string, random = () => randomHex().slice(8)): string {
  const slash = name.lastIndexOf('/') + 1
  const { base, extension } = splitExtension(name.slice(slash))
  return `${name.slice(0, slash)}${base} (${random()})${extension}`
}

function safeSegments(name: string): string[] {
  // Most names need no change.
  if (/^[A-Za-z0-9](?:[A-Za-z0-9 ._()-]*[A-Za-z0-9])?$/.test(name)) return [name]
  return (
    name
      .toWellFormed()
      .replaceAll('\\', '/')
      // Control characters, and the marks that change the direction of displayed text.
      .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
      // The variable that OSS would replace in a key.
      .replaceAll('${', '_{')
      .split('/')
      .map((segment) => segment.trim())
      .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
  )
}

function shorten(name: string, bytesLeft: number): string {
  const { base, extension } = splitExtension(name)
  if (bytes(extension) >= bytesLeft) return truncate(name, bytesLeft)
  return truncate(base, bytesLeft - bytes(extension)) + extension
}

function splitExtension(name: string): { base: string; extension: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return { base: name, extension: '' }
  return { base: name.slice(0, dot), extension: name.slice(dot) }
}

/** Returns the longest start of a text that fits into a number of bytes, in whole code points. */
function truncate(text: string, bytesLeft: number): string {
  let start = ''
  let used = 0
  for (const character of text) {
    used += bytes(character)
    if (used > bytesLeft) break
    start += character
  }
  return start
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
