/** Returns whether a text matches a pattern, in which `*` is any characters and `?` is one. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [p, t, star, retry] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p
      p += 1
      retry = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1
      t += 1
    } else if (star >= 0) {
      // The last star takes one more character.
      retry += 1
      p = star + 1
      t = retry
    } else return false
  }
  return /^\**$/.test(pattern.slice(p))
}
