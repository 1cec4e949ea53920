import { refuse } from './refusals.ts'

type Code = Parameters<typeof refuse>[0]

/**
 * Checks a resource's name: 1 to 128 characters, not beginning with http:// or https://.
 *
 * @throws ActionError with the code
 */
export function checkName(name: string | undefined, code: Code): string {
  if (name === undefined) return ''
  if (name.length < 1 || name.length > 128 || /^https?:\/\//.test(name)) throw refuse(code)
  return name
}

/**
 * Checks a resource's description: at most 256 characters, not beginning with http:// or https://.
 *
 * @throws ActionError with the code
 */
export function checkDescription(text: string | undefined, code: Code): string {
  if (text === undefined) return ''
  if (text.length > 256 || /^https?:\/\//.test(text)) throw refuse(code)
  return text
}
