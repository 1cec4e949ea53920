import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketName, physicalName } from '../../../infra/pulumi/resource-names.ts'

test.each([
  [['oss-direct-upload', 'dev', 'server'], 64, 'oss-direct-upload-dev-server'],
  [['shop', 'dev', 'a'.repeat(55)], 64, `shop-dev-${'a'.repeat(55)}`],
  [['shop', 'dev', 'a'.repeat(56)], 64, `shop-dev-${'a'.repeat(46)}-a4d161f6`],
  [['shop.web', 'dev_1', 'server'], 64, 'shop-web-dev-1-server-65b503c8'],
  [['7up', 'dev', 'server'], 64, 's-7up-dev-server-db80f50f'],
])('%j in %i characters is %s', (parts, limit, name) => {
  expect(physicalName(parts, limit)).toBe(name)
})

test('a name is valid for all parts, and different for different parts', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/)
  const parts = fc.tuple(part, part, part)
  fc.assert(
    fc.property(parts, parts, fc.integer({ min: 16, max: 128 }), (one, other, limit) => {
      const name = physicalName(one, limit)
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/)
      expect(name.length).toBeLessThanOrEqual(limit)
      expect(physicalName([...one], limit)).toBe(name)
      if (one.join('-') !== other.join('-')) expect(physicalName(other, limit)).not.toBe(name)
    }),
  )
})

const owner = {
  accountId: '1234567890123456',
  region: 'ap-southeast-1',
  project: 'oss-direct-upload',
  stack: 'dev',
  role: 'uploads',
}

test("a bucket's name contains its role and is the same for the same owner", () => {
  expect(bucketName(owner)).toBe('oss-direct-upload-dev-uploads-9b0042d1')
  expect(bucketName({ ...owner })).toBe('oss-direct-upload-dev-uploads-9b0042d1')
})

test('the same names in another account, region or stack are another bucket', () => {
  const names = [
    owner,
    { ...owner, accountId: '6543210987654321' },
    { ...owner, region: 'eu-central-1' },
    { ...owner, stack: 'prod' },
    { ...owner, project: 'shop' },
    { ...owner, role: 'release' },
    // Clean to the same text.
    { ...owner, stack: 'DEV' },
  ].map(bucketName)
  expect(new Set(names).size).toBe(names.length)
})

test("a bucket's name is valid for every project and stack", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/)
  fc.assert(
    fc.property(part, part, (project, stack) => {
      expect(bucketName({ ...owner, project, stack })).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/)
    }),
  )
})

test('docs/deployer-policy.json covers the names of every stack', () => {
  const stack = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/)
  fc.assert(
    fc.property(stack, (name) => {
      const names = [
        bucketName({ ...owner, stack: name }),
        ...[64, 128].map((limit) => physicalName([owner.project, name, 'uploader'], limit)),
      ]
      expect(names.filter((each) => !each.startsWith('oss-direct-upload-'))).toEqual([])
    }),
  )
})
