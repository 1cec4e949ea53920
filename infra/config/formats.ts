import { isIPv4 } from 'node:net'

/** Returns whether a text is an IPv4 range like `203.0.113.0/24`, with no bit set after its prefix. */
export function isCidr(value: string): boolean {
  const [address = '', length = '', ...rest] = value.split('/')
  if (!isIPv4(address) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(length) || rest.length > 0) {
    return false
  }
  const bits = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  return bits % 2 ** (32 - Number(length)) === 0
}

/** Returns whether a text is an http or https origin, without a path. */
export function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === value
}

/** Returns whether a text is a host name that a certificate can be for: lower case, with a dot, no IP address. */
export function isHostName(value: string): boolean {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  return value.length <= 253 && new RegExp(`^(${label}\\.)+(?=[a-z])${label}$`).test(value)
}

/** Returns whether a text is an https URL without credentials, query and fragment. */
export function isHttpsUrl(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol === 'https:' && `${url.origin}${url.pathname}` === value
}

/**
 * Returns whether ECS accepts a text as the password of root on a Linux instance.
 * Source: "RunInstances", ECS API reference.
 */
export function isPassword(value: string): boolean {
  const special = /[()`~!@#$%^&*\-_+=|{}[\]:;'<>,.?/]/
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, special].filter((kind) => kind.test(value))
  return /^[\x21-\x7e]{8,30}$/.test(value) && !/["\\]/.test(value) && classes.length >= 3
}
