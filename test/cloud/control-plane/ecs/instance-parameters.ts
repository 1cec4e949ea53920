import { wholeNumber } from '../parameter-values.ts'
import { refuse } from './refusals.ts'

/** Bytes of user data before they are encoded. */
export const MOST_USER_DATA = 32 * 1024

/** @throws ActionError InvalidInstanceName.Malformed */
export function instanceName(name: string): string {
  if (!/^\p{L}[\p{L}\p{N}:_.-]{1,127}$/u.test(name)) throw refuse('InvalidInstanceName.Malformed')
  return name
}

/** @throws ActionError InvalidDescription.Malformed */
export function description(text: string): string {
  if (text === '') return text
  if (text.length < 2 || text.length > 256 || /^https?:\/\//.test(text)) {
    throw refuse('InvalidDescription.Malformed')
  }
  return text
}

/**
 * Checks a Linux host name: 2 to 64 characters in labels of letters, digits and inner hyphens.
 *
 * @throws ActionError InvalidHostName.Malformed
 */
export function hostName(name: string): string {
  const part = '[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*'
  if (name.length < 2 || name.length > 64 || !new RegExp(`^${part}(\\.${part})*$`).test(name)) {
    throw refuse('InvalidHostName.Malformed')
  }
  return name
}

/**
 * Checks a password: 8 to 30 characters of three of four classes.
 *
 * @throws ActionError InvalidPassword.Malformed
 */
export function password(text: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[()`~!@#$%^&*_\-+=|{}[\]:;'<>,.?/]/]
  const allowed = /^[a-zA-Z\d()`~!@#$%^&*_\-+=|{}[\]:;'<>,.?/]{8,30}$/
  if (!allowed.test(text) || kinds.filter((kind) => kind.test(text)).length < 3) {
    throw refuse('InvalidPassword.Malformed')
  }
}

/**
 * Checks user data: Base64 of at most 32 KB.
 *
 * @throws ActionError
 */
export function userData(text: string): string {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw refuse('InvalidUserData.Base64FormatInvalid')
  if (bytes.length > MOST_USER_DATA) throw refuse('InvalidUserData.SizeExceeded')
  return text
}

/** @throws ActionError InvalidHttpEndpoint.NotSupported */
export function httpEndpoint(text: string): 'enabled' | 'disabled' {
  if (text !== 'enabled' && text !== 'disabled') throw refuse('InvalidHttpEndpoint.NotSupported')
  return text
}

/** @throws ActionError InvalidHttpTokens.NotSupported */
export function httpTokens(text: string): 'optional' | 'required' {
  if (text !== 'optional' && text !== 'required') throw refuse('InvalidHttpTokens.NotSupported')
  return text
}

/** @throws ActionError InvalidHttpPutResponseHopLimit.NotSupported */
export function hopLimit(text: string): number {
  const limit = wholeNumber(text)
  if (limit === undefined || limit < 1 || limit > 64) {
    throw refuse('InvalidHttpPutResponseHopLimit.NotSupported')
  }
  return limit
}
