import { expect, test } from 'vitest'
import type { ActionError } from '../../control-plane/action.ts'
import {
  checkSignature,
  SeenNonces,
  signRpc,
  stringToSign,
} from '../../control-plane/gateway/rpc-signature.ts'

// The worked example of "Request signatures", Alibaba Cloud ECS documentation.
const example = {
  Timestamp: '2016-02-23T12:46:24Z',
  Format: 'XML',
  AccessKeyId: 'testid',
  Action: 'DescribeRegions',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  Version: '2014-05-26',
  SignatureVersion: '1.0',
}

test('the worked example of the documentation', () => {
  const text = stringToSign('GET', example)
  expect(text).toBe(
    'GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26',
  )
  expect(signRpc(text, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=')
})

test('what is not unreserved in RFC 3986 is encoded twice', () => {
  expect(stringToSign('POST', { B: "a b*c~d!'()", A: 'ü' })).toBe(
    'POST&%2F&A%3D%25C3%25BC%26B%3Da%2520b%252Ac~d%2521%2527%2528%2529',
  )
})

test('the signature itself is not signed', () => {
  expect(stringToSign('GET', { ...example, Signature: 'x' })).toBe(stringToSign('GET', example))
})

test('another secret, method or value does not fit', () => {
  const Signature = 'OLeaidS1JvxuMvnyHOwuJ+uX5qY='
  const check = (method: string, change: Record<string, string>, secret: string): string => {
    const all = { ...example, Signature, ...change }
    try {
      checkSignature({ method, all, parameters: {} }, secret)
      return 'right'
    } catch (error) {
      return (error as ActionError).code
    }
  }
  expect(check('GET', {}, 'testsecret')).toBe('right')
  expect(check('GET', {}, 'other')).toBe('SignatureDoesNotMatch')
  expect(check('POST', {}, 'testsecret')).toBe('SignatureDoesNotMatch')
  expect(check('GET', { Action: 'DescribeZones' }, 'testsecret')).toBe('SignatureDoesNotMatch')
  expect(check('GET', { Signature: '' }, 'testsecret')).toBe('SignatureDoesNotMatch')
})

test('a nonce counts once for a key, for half an hour', () => {
  const nonces = new SeenNonces()
  nonces.add('one', 'n', 0)
  nonces.add('two', 'n', 0)
  expect(() => nonces.add('one', 'n', 30 * 60_000 - 1)).toThrow(
    'Specified signature nonce was used already.',
  )
  nonces.add('one', 'n', 30 * 60_000)
})
