import { expect, test } from 'vitest'
import { uploadHostProblem } from '../../../app/contract/index.ts'

const WRITE = '; write https://photos.oss-cn-hangzhou.aliyuncs.com'

test.each([
  ['photos.oss-cn-hangzhou.aliyuncs.com', undefined],
  ['photos.cn-hangzhou.oss.aliyuncs.com', undefined],
  ['photos.oss-accelerate.aliyuncs.com', undefined],
  ['photos.oss-accelerate-overseas.aliyuncs.com', undefined],
  ['files.example', undefined],
  ['127.0.0.1:8080', undefined],
  [
    'photos.oss-cn-hangzhou-internal.aliyuncs.com',
    `must not be an internal endpoint, which visitors cannot reach${WRITE}`,
  ],
  ['oss-cn-hangzhou.aliyuncs.com', `must have the bucket in its name${WRITE}`],
  ['cn-hangzhou.oss.aliyuncs.com', `must have the bucket in its name${WRITE}`],
  [
    'films.oss-cn-hangzhou.aliyuncs.com',
    `must not be of the bucket films, as forms are signed for photos${WRITE}`,
  ],
  ['photos.oss-cn-beijing.aliyuncs.com', `must not be of another region than cn-hangzhou${WRITE}`],
])('forms to %s: %s', (host, problem) => {
  expect(uploadHostProblem(`https://${host}`, 'cn-hangzhou', 'photos')).toBe(problem)
})

test('the bucket may be unknown', () => {
  const problem = (host: string) => uploadHostProblem(`https://${host}`, 'cn-hangzhou')
  expect(problem('films.oss-cn-hangzhou.aliyuncs.com')).toBe(undefined)
  expect(problem('oss-cn-hangzhou.aliyuncs.com')).toBe(
    'must have the bucket in its name; write https://BUCKET.oss-cn-hangzhou.aliyuncs.com',
  )
})
