import { expect, test } from 'vitest'
import { errorDetailsText } from '../../../app/client/page/error-text.ts'
import { en } from '../../../app/client/page/locales/en.ts'
import { zh } from '../../../app/client/page/locales/zh.ts'
import { errorKind } from '../../../app/client/uploader/error-kind.ts'
import { isRetryable } from '../../../app/client/uploader/retry-policy.ts'
import { bucketError, noResponse, serverError } from '../../../app/client/uploader/upload-error.ts'

const xml = (code: string, message: string, ec = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>` +
  `<RequestId>R1</RequestId><HostId>h</HostId>${ec === '' ? '' : `<EC>${ec}</EC>`}</Error>`

test.each([
  [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy expired.',
    '0006-00000213',
    'policyExpired',
    true,
  ],
  [403, 'AccessDenied', 'Invalid according to Policy: Policy expired.', '', 'policyExpired', true],
  [403, 'RequestTimeTooSkewed', 'The difference is too large.', '0002-00000504', 'clockSkew', true],
  [
    400,
    'InvalidArgument',
    "The 'x-oss-date' field is invalid.",
    '0002-00000709',
    'clockSkew',
    true,
  ],
  [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy Condition failed: ["eq", "$content-type", "image/png"]',
    '0006-00000227',
    'typeNotAllowed',
    false,
  ],
  [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy Condition failed: ["eq", "$x-oss-content-type", "a/b"]',
    '0006-00000227',
    'typeNotAllowed',
    false,
  ],
  [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "a"]',
    '0006-00000227',
    'policyMismatch',
    false,
  ],
  [
    403,
    'AccessDenied',
    'You have no right to access this object.',
    '0003-00000202',
    'noPermission',
    false,
  ],
  [
    400,
    'EntityTooLarge',
    'Your proposed upload exceeds the maximum allowed size.',
    '0006-00000003',
    'fileGrown',
    false,
  ],
  [409, 'FileAlreadyExists', 'The object you specified already exists.', '', 'nameTaken', false],
  [403, 'PublicEndpointForbidden', 'Use a custom domain.', '', 'customDomainRequired', false],
  [403, 'SignatureDoesNotMatch', 'No match.', '0002-00000705', 'keyRejected', false],
  [403, 'InvalidAccessKeyId', 'No such key.', '0002-00000902', 'keyRejected', true],
  [403, 'AccessDenied', 'V1 is closed.', '0002-00000080', 'v1NotSupported', false],
  [403, 'SecurityTokenExpired', 'Expired.', '', 'tokenExpired', true],
  [
    403,
    'AccessForbidden',
    'CORSResponse: CORS is not enabled for this bucket.',
    '',
    'corsPost',
    false,
  ],
  [503, 'ServiceUnavailable', 'Busy.', '', 'busy', true],
  [
    403,
    'AccessDenied',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    '0003-00001403',
    'wrongEndpoint',
    false,
  ],
  [403, 'SecondLevelDomainForbidden', 'Use virtual hosted style.', '', 'wrongEndpoint', false],
  [400, 'MalformedPOSTRequest', 'Not well-formed.', '0006-00000103', 'unknown', false],
] as const)('%i %s %s (%s) is %s', (status, code, message, ec, kind, retried) => {
  const details = bucketError(status, xml(code, message, ec))
  expect(details).toEqual({ source: 'bucket', status, code, message, requestId: 'R1', ec })
  expect(errorKind(details)).toBe(kind)
  expect(isRetryable(details)).toBe(retried)
})

test.each([
  [401, 'AccessCodeRequired', 'accessCodeRequired', false],
  [403, 'Forbidden', 'forbidden', false],
  [413, 'FileTooLarge', 'fileTooLarge', false],
  [415, 'TypeNotAllowed', 'typeNotAllowed', false],
  [429, 'QuotaExceeded', 'quotaExceeded', false],
  [429, 'TooManyRequests', 'rateLimited', true],
  [500, 'InternalError', 'busy', true],
  [400, 'InvalidRequest', 'unknown', false],
] as const)('the server’s %i %s is %s', (status, code, kind, retried) => {
  const details = serverError(status, { code, message: 'm', requestId: 'r' })
  expect(errorKind(details)).toBe(kind)
  expect(isRetryable(details)).toBe(retried)
})

test('a missing response is the bucket’s or the server’s', () => {
  expect(errorKind(noResponse('bucket'))).toBe('bucketUnreachable')
  expect(errorKind(noResponse('server'))).toBe('serverUnreachable')
})

test('a body that is no error document has no details', () => {
  const nothing = { code: '', message: '', requestId: '', ec: '' }
  expect(bucketError(502, '<html>Bad gateway</html>')).toEqual({
    source: 'bucket',
    status: 502,
    ...nothing,
  })
  for (const body of [undefined, null, 'text', 7, [], { code: 7, message: {} }]) {
    expect(serverError(502, body, 'soon')).toEqual({ source: 'server', status: 502, ...nothing })
  }
})

test('XML entities and Retry-After are decoded', () => {
  expect(bucketError(400, xml('A', '&lt;b&gt; &amp;lt; &quot;')).message).toBe('<b> &lt; "')
  expect(serverError(429, {}, '30').retryAfterSeconds).toBe(30)
})

test('the text says what to do and has the ids for support', () => {
  const denied = bucketError(403, xml('AccessDenied', 'No right.', '0003-00000202'))
  expect(errorDetailsText(denied, en)).toBe(
    'The server’s access key may not write to this bucket. Ask its operator to grant oss:PutObject. The response was: 403 AccessDenied No right. (EC 0003-00000202, request R1)',
  )
  expect(errorDetailsText(denied, zh)).toBe(
    '服务器的密钥无权写入该存储空间，请联系管理员授予 oss:PutObject 权限。 对方返回：403 AccessDenied No right. (EC 0003-00000202, 请求 R1)',
  )
  expect(errorDetailsText(noResponse('bucket'), en)).toBe(
    'The bucket did not respond. Check your connection and try again.',
  )
})
