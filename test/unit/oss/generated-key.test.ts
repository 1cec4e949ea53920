import { expect, test } from 'vitest'
import { readOssArguments } from '../../../app/oss/cli/arguments.ts'

test('npm run oss -- --bucket photos generates a key that nobody can guess', () => {
  const [first, second] = [0, 1].map(() => readOssArguments(['--bucket', 'photos']))
  expect(first).toMatchObject({ buckets: ['photos'], keys: [first?.generatedKey] })
  expect(first?.generatedKey).toEqual({
    accessKeyId: expect.stringMatching(/^LOCAL[0-9a-f]{20}$/),
    accessKeySecret: expect.stringMatching(/^[0-9a-f]{30}$/),
  })
  expect(first?.generatedKey).not.toEqual(second?.generatedKey)
  const given = readOssArguments(['--bucket', 'photos', '--key', 'ID:SECRET'])
  expect(given).not.toHaveProperty('generatedKey')
})
