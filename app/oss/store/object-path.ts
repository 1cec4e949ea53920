import { createHash } from 'node:crypto'

/** Bytes of a plain segment; what is put behind it stays within what every file system takes. */
const SEGMENT_BYTES = 120
/** Bytes of a path below the bucket's folder; some systems allow no more than 1,024 in all. */
const PATH_BYTES = 512
const STEM_BYTES = 60
const MASK_DIGITS = 16

const PLAIN = /^[a-z0-9 _.,;=+@#$&'(){}[\]!^`-]*$/

type Kind = 'file' | 'folder'

/**
 * The path below the bucket's folder that a key's bytes are kept at. Ordinary keys
 * (`upload/photo.jpg`) are their own path. Of the others no file system confuses any two:
 *
 * - a folder's plain name never has a dot, a file's always has, so that the keys `a` and `a/b` do not
 *   claim the same place; the name of one that is otherwise gets `~` at its end (`readme~`);
 * - capitals are told apart by a number behind `~` that has a bit for each (`IMG_1234~3f.JPG`);
 * - what cannot be told apart so, or be held at all, gets `~` and a hash of itself: composed
 *   characters, dots and spaces at the ends, reserved names and characters, long and empty segments;
 * - a key that would make too long a path is a single file in `~long`.
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

/** The segment with its case and kind told behind `~`, if need be; undefined when that is not enough. */
function marked(segment: string, kind: Kind): string | undefined {
  if (!isHarmless(segment.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))) return undefined
  const capitals = caseMask(segment)
  if (capitals.length > MASK_DIGITS) return undefined
  const isUsual = segment.includes('.') === (kind === 'file')
  if (capitals === '' && isUsual) return segment
  const mark = `~${capitals}${capitals === '' || isUsual ? '' : '~'}`
  const at = kind === 'file' && isUsual ? segment.lastIndexOf('.') : segment.length
  return segment.slice(0, at) + mark + segment.slice(at)
}

// A bit for each letter, the first one the lowest: set where it is a capital.
function caseMask(segment: string): string {
  const letters = segment.match(/[A-Za-z]/g) ?? []
  const mask = letters.reduce(
    (sum, letter, i) => (letter < 'a' ? sum | (1n << BigInt(i)) : sum),
    0n,
  )
  return mask === 0n ? '' : mask.toString(16)
}

/** What can be read of a segment, and the hash that tells it apart. */
function hashed(segment: string, identity: string, digits: number): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, digits)
  const dot = segment.lastIndexOf('.')
  const extension = dot > 0 ? segment.slice(dot + 1) : ''
  const ending = /^[A-Za-z0-9]{1,16}$/.test(extension) ? `.${extension}` : ''
  const stem = segment
    .slice(0, segment.length - ending.length)
    .replaceAll(/[~<>:"|?*\\%]|\p{C}|^[. ]+/gu, '_')
  return `${start(stem, STEM_BYTES)}~${hash}${ending}`
}

function start(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > bytes) break
    kept += character
  }
  return kept
}

/** Whether every file system takes the name, and takes it for no other one. */
function isHarmless(segment: string): boolean {
  return (
    segment !== '' &&
    Buffer.byteLength(segment) <= SEGMENT_BYTES &&
    isItsOwnFold(segment) &&
    !/[~<>:"|?*\\%]|\p{C}|^[. ]|[. ]$/u.test(segment) &&
    !/^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/.test(segment)
  )
}

// Latin letters, digits and uncased scripts without composition fold to themselves everywhere.
function isItsOwnFold(segment: string): boolean {
  if (PLAIN.test(segment)) return true
  return PLAIN.test(
    segment.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}]/gu, (c) =>
      c === c.normalize('NFKC') && c === c.normalize('NFD') ? '' : '?',
    ),
  )
}
