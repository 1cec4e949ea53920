import { createHash } from 'node:crypto'

const SEGMENT_BYTES = 120

/**
 * The path below the bucket's folder that a key's bytes are kept at. Ordinary keys
 * (`upload/photo.jpg`) are their own path. A segment that some file system could not keep apart or
 * could not hold at all gets `~` and a hash of itself: upper case and composed characters, dots
 * and spaces at the ends, reserved names and characters, long and empty segments.
 *
 * A folder never has a dot in its plain name and a file always does, so that the keys `a` and
 * `a/b` do not claim the same place.
 */
export function objectPath(key: string): string[] {
  const segments = key.split('/')
  const last = segments.length - 1
  return segments.map((segment, i) => pathSegment(segment, i === last ? 'file' : 'folder'))
}

function pathSegment(segment: string, kind: 'file' | 'folder'): string {
  if (isPlain(segment, kind)) return segment
  const hash = createHash('sha256').update(`${kind}:${segment}`).digest('hex').slice(0, 20)
  const dot = segment.lastIndexOf('.')
  const extension = dot > 0 ? segment.slice(dot + 1) : ''
  const ending = /^[A-Za-z0-9]{1,16}$/.test(extension) ? `.${extension}` : ''
  const stem = segment.slice(0, segment.length - ending.length).replaceAll(/[^A-Za-z0-9_-]/g, '_')
  return `${stem.slice(0, 60)}~${hash}${ending}`
}

function isPlain(segment: string, kind: 'file' | 'folder'): boolean {
  return (
    segment !== '' &&
    Buffer.byteLength(segment) <= SEGMENT_BYTES &&
    segment.includes('.') === (kind === 'file') &&
    isItsOwnFold(segment) &&
    !/[~<>:"|?*\\%]|\p{C}|^[. ]|[. ]$/u.test(segment) &&
    !/^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/.test(segment)
  )
}

// Latin letters, digits and uncased scripts without composition fold to themselves everywhere.
function isItsOwnFold(segment: string): boolean {
  return /^[a-z0-9 _.,;=+@#$&'(){}[\]!^`-]*$/.test(
    segment.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}]/gu, (c) =>
      c === c.normalize('NFKC') && c === c.normalize('NFD') ? '' : '?',
    ),
  )
}
