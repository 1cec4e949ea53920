import { createHmac, timingSafeEqual } from 'node:crypto'
import { ActionError } from '../action.ts'
import type { RpcRequest } from './rpc-request.ts'

const SKEW_MS = 15 * 60 * 1000

/**
 * Returns the string to sign of an RPC signature, version 1.0.
 * Source: "Request signatures (V2)", Alibaba Cloud SDK documentation.
 */
export function stringToSign(method: string, all: Readonly<Record<string, string>>): string {
  const canonical = Object.entries(all)
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  return `${method}&%2F&${percentEncode(canonical)}`
}

/** Returns the HMAC-SHA1 with the secret and an ampersand as its key, Base64. */
export function signRpc(text: string, accessKeySecret: string): string {
  return createHmac('sha1', `${accessKeySecret}&`).update(text).digest('base64')
}

/** Nonces that were used, for as long as signatures are valid. */
export class SeenNonces {
  readonly #until = new Map<string, number>()

  /** @throws ActionError when the key has sent the nonce before */
  add(accessKeyId: string, nonce: string, now: number): void {
    for (const [seen, until] of this.#until) {
      if (until > now) break
      this.#until.delete(seen)
    }
    const name = `${accessKeyId} ${nonce}`
    if (this.#until.has(name)) {
      throw new ActionError(
        400,
        'SignatureNonceUsed',
        'Specified signature nonce was used already.',
      )
    }
    this.#until.set(name, now + 2 * SKEW_MS)
  }
}

/**
 * Checks everything about a signature that does not need the key.
 *
 * @throws ActionError
 */
export function checkSignatureParameters({ all }: RpcRequest, now: number): void {
  const needed = ['AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp']
  for (const name of [...needed, 'SignatureMethod', 'SignatureVersion', 'Format']) {
    if (!all[name]) {
      throw new ActionError(400, `Missing${name}`, `${name} is mandatory for this action.`)
    }
  }
  expectOneOf(all, 'SignatureMethod', ['HMAC-SHA1'])
  expectOneOf(all, 'SignatureVersion', ['1.0'])
  expectOneOf(all, 'SignatureType', [undefined, ''])
  expectOneOf(all, 'Format', ['JSON', 'json'])
  const text = all.Timestamp ?? ''
  const sent = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(sent)) {
    throw new ActionError(
      400,
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
    )
  }
  if (Math.abs(sent - now) > SKEW_MS) {
    throw new ActionError(
      400,
      'InvalidTimeStamp.Expired',
      'Specified time stamp or date value is expired.',
    )
  }
}

/** @throws ActionError when the key's secret does not give the signature that was sent */
export function checkSignature(request: RpcRequest, accessKeySecret: string): void {
  const text = stringToSign(request.method, request.all)
  const [given, expected] = [request.all.Signature ?? '', signRpc(text, accessKeySecret)].map(
    (signature) => Buffer.from(signature),
  ) as [Buffer, Buffer]
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw new ActionError(
    400,
    'SignatureDoesNotMatch',
    `Specified signature is not matched with our calculation. server string to sign is:${text}`,
  )
}

function expectOneOf(
  all: Readonly<Record<string, string>>,
  name: string,
  allowed: readonly (string | undefined)[],
): void {
  if (allowed.includes(all[name])) return
  throw new ActionError(
    400,
    `Invalid${name}`,
    `${name} must be ${allowed.filter(Boolean).join(' or ') || 'left out'}.`,
  )
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
