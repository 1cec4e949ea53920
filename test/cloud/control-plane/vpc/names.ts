import { refuse, type VpcRefusalCode } from './refusals.ts'

/**
 * A resource's name: 1 to 128 characters, not beginning with http:// or https://.
 *
 * @throws ActionError of the code given
 */
export function checkName(name: string | undefined, code: VpcRefusalCode): string {
  if (name === undefined) return ''
  if (name.length < 1 || name.length > 128 || /^https?:\/\//.test(name)) throw refuse(code)
  return name
}

/**
 * A resource's description: up to 256 characters, not beginning with http:// or https://.
 *
 * @throws ActionError of the code given
 */
export function checkDescription(text: string | undefined, code: VpcRefusalCode): string {
  if (text === undefined) return ''
  if (text.length > 256 || /^https?:\/\//.test(text)) throw refuse(code)
  return text
}
