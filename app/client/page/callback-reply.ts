const MAX_MEMBERS = 6
const MAX_VALUE_LENGTH = 80
const MAX_TEXT_LENGTH = 200

/**
 * Returns the application's response to a callback as one short line: the members of a JSON object as
 * `name: value`, anything else as it is.
 */
export function callbackReplyText(reply: string): string {
  const parsed = parseJson(reply)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return truncate(reply.replaceAll(/\s+/g, ' ').trim(), MAX_TEXT_LENGTH)
  }
  const members = Object.entries(parsed)
  const shown = members.slice(0, MAX_MEMBERS).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${truncate(name, MAX_VALUE_LENGTH)}: ${truncate(text, MAX_VALUE_LENGTH)}`
  })
  if (members.length > MAX_MEMBERS) shown.push('…')
  return shown.join(' · ')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function truncate(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}
