import { createHash } from 'node:crypto'

/** Bytes of a plain segment. With a suffix it still fits every file system. */
const SEGMENT_BYTES = 120
/** Bytes of a path below the bucket's folder. Some systems allow 1,024 for a whole path. */
const PATH_BYTES = 512
const STEM_BYTES = 60
const MASK_DIGITS = 16

const PLAIN = /^[a-z0-9 _.,;=+@#$&'(){}[\]!^`-]*$/

type Kind = 'file' | 'folder'

/**
 * Returns the path of a key's bytes below the bucket's folder. An ordinary key (`upload/photo.jpg`) is
 * its own path. No file system confuses the paths of two different keys:
 *
 * - the plain name of a folder has no dot and that of a file has one, so that the keys `a` and `a/b`
 *   do not claim the same path; any other name gets a `~` at its end (`readme~`);
 * - capitals are marked by a number after `~` with one bit for each letter (`IMG_1234~3f.JPG`);
 * - anything else gets `~` and a hash: composed characters, dots and spaces at the ends, reserved
 *   names and characters, long and empty segments;
 * - a key that would make the path too long is a single file in `~long`.
 */
export function objectPath(key: string): string[] {
  const segments = key.split('/')
  const last = segments.length - 1
  const path = segments.map((segment, i) => pathSegment(segment, i === last ? 'file' : 'folder'))
  const bytes = path.reduce((sum, segment) => sum + Buffer.byteLength(segment) + 1, 0)
  return bytes <= PATH_BYTES ? path : ['~long', hashed(segments[last] ?? '', key, 40)]
}

function pathSegment(segment: string, kind: Kind): string {
  return marked(segment, kind) ?? hashed(segment, `${kind}:${segment}`, 20)
}

/** Marks case and kind of a segment after `~` where necessary; undefined when that is not enough. */
function marked(segment: string, kind: Kind): string | undefined {
  if (!isHarmless(segment.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))) return undefined
  const capitals = caseMask(segment)
  if (capitals.length > MASK_DIGITS) return undefined
  const hasPlainDot = segment.includes('.') === (kind === 'file')
  if (capitals === '' && hasPlainDot) return segment
  const mark = `~${capitals}${capitals === '' || hasPlainDot ? '' : '~'}`
  const at = kind === 'file' && hasPlainDot ? segment.lastIndexOf('.') : segment.length
  return segment.slice(0, at) + mark + segment.slice(at)
}

// Returns one bit for each letter, from the lowest on, that is set for a capital.
function caseMask(segment: string): string {
  const letters = segment.match(/[A-Za-z]/g) ?? []
  const mask = letters.reduce(
    (sum, letter, i) => (letter < 'a' ? sum | (1n << BigInt(i)) : sum),
    0n,
  )
  return mask === 0n ? '' : mask.toString(16)
}

/** Returns the readable characters of a segment, and a hash of its identity. */
function hashed(segment: string, identity: string, digits: number): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, digits)
  const dot = segment.lastIndexOf('.')
  const extension = dot > 0 ? segment.slice(dot + 1) : ''
  const ending = /^[A-Za-z0-9]{1,16}$/.test(extension) ? `.${extension}` : ''
  const stem = segment
    .slice(0, segment.length - ending.length)
    .replaceAll(/[~<>:"|?*\\%]|\p{C}|^[. ]+/gu, '_')
  return `${firstBytes(stem, STEM_BYTES)}~${hash}${ending}`
}

function firstBytes(text: string, bytes: number): string {
  let taken = ''
  for (const character of text) {
    if (Buffer.byteLength(taken) + Buffer.byteLength(character) > bytes) break
    taken += character
  }
  return taken
}

/** Returns whether every file system takes the name and distinguishes it from all others. */
function isHarmless(segment: string): boolean {
  return (
    segment !== '' &&
    Buffer.byteLength(segment) <= SEGMENT_BYTES &&
    isDistinct(segment) &&
    !/[~<>:"|?*\\%]|\p{C}|^[. ]|[. ]$/u.test(segment) &&
    !/^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/.test(segment)
  )
}

// Latin letters, digits and uncased scripts without composition are equal only to themselves.
function isDistinct(segment: string): boolean {
  if (PLAIN.test(segment)) return true
  return PLAIN.test(
    segment.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}]/gu, (c) =>
      c === c.normalize('NFKC') && c === c.normalize('NFD') ? '' : '?',
    ),
  )
}
