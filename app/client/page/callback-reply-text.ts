const PAIRS = 6
const VALUE_LENGTH = 80
const TEXT_LENGTH = 200

/**
 * The application's answer to a callback in one short line: the members of a JSON object as
 * `name: value`, anything else as it is.
 *
 * @returns An empty string when there is nothing to show
 */
export function callbackReplyText(reply: string): string {
  const parsed = parse(reply)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return shortened(reply.replaceAll(/\s+/g, ' ').trim(), TEXT_LENGTH)
  }
  const pairs = Object.entries(parsed)
  const shown = pairs.slice(0, PAIRS).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${shortened(name, VALUE_LENGTH)}: ${shortened(text, VALUE_LENGTH)}`
  })
  if (pairs.length > PAIRS) shown.push('…')
  return shown.join(' · ')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shortened(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}
