import { describe, expect, test } from 'vitest'
import { account, DEBIAN, DEBIAN_ARM, part, useAccount } from './account.ts'
import answers from './answers.json' with { type: 'json' }

useAccount()

async function ids(parameters: Record<string, string>): Promise<string[]> {
  const answer = account.ecs('DescribeImages', parameters)
  const images = (await part(answer, 'Images', 'Image')) as { ImageId: string }[]
  return images.map(({ ImageId }) => ImageId)
}

test('an image is shown whole', async () => {
  expect(await account.ecs('DescribeImages', { ImageId: DEBIAN_ARM })).toEqual({
    RegionId: 'ap-southeast-1',
    PageNumber: 1,
    PageSize: 10,
    TotalCount: 1,
    Images: {
      Image: [{ ...answers.image, ImageId: DEBIAN_ARM, ImageName: DEBIAN_ARM }],
    },
  })
})

test('images are found by name, family, architecture, type and owner, newest first', async () => {
  expect(await ids({ ImageName: 'debian_13_6_x64*' })).toEqual([
    'debian_13_6_x64_20G_alibase_20261110.vhd',
    'debian_13_6_x64_20G_alibase_20261022.vhd',
    'debian_13_6_x64_20G_alibase_20260918.vhd',
  ])
  expect(await ids({ ImageName: DEBIAN })).toEqual([DEBIAN])
  expect(await ids({ ImageName: 'debian?13*' })).toEqual([])
  expect((await ids({ ImageFamily: 'acs:debian_13_6_arm64' }))[0]).toBe(DEBIAN_ARM)
  const arm = await ids({ Architecture: 'arm64', PageSize: '100' })
  expect(arm.length).toBeGreaterThan(20)
  expect(arm.every((id) => id.includes('_arm64_'))).toBe(true)
  expect(await ids({ InstanceType: 'ecs.g8y.large', PageSize: '100' })).toEqual(arm)
  expect(await ids({ ImageOwnerAlias: 'self' })).toEqual([])
  expect(await ids({ OSType: 'windows' })).toEqual([])
  expect(await ids({ Status: 'Creating' })).toEqual([])
  expect(await ids({ IsSupportCloudinit: 'false' })).toEqual([])
  expect(await ids({ ImageId: `${DEBIAN},${DEBIAN_ARM}` })).toEqual([DEBIAN_ARM, DEBIAN])
})

test('pages hold all images once, and end', async () => {
  const first = await ids({ PageSize: '50' })
  const second = await ids({ PageSize: '50', PageNumber: '2' })
  expect(first).toHaveLength(50)
  expect(second.length).toBeGreaterThan(0)
  expect(new Set([...first, ...second]).size).toBe(50 + second.length)
  // The provider asks for a second page of a hundred whenever the first holds fifty.
  expect(await ids({ PageSize: '100' })).toEqual([...first, ...second])
  expect(await ids({ PageSize: '100', PageNumber: '2' })).toEqual([])
})

describe('DescribeImages refuses', () => {
  test.each([
    [
      { ImageOwnerAlias: 'me' },
      '400 InvalidImageOwnerAlias.ValueNotSupported: The specified ImageOwnerAlias value is not supported.',
    ],
    [{ OSType: 'beos' }, '404 InvalidOSType: The specifed OSType is not valid'],
    [{ Architecture: 'vax' }, '404 InvalidArchitecture: The specifed Architecture is not valid'],
    [
      { InstanceType: 'ecs.none' },
      '403 InvalidInstanceType.ValueNotSupported: The specified InstanceType beyond the permitted range.',
    ],
    [{ PageSize: '101' }, '400 InvalidParamter: Invalid Parameter'],
    [{ PageNumber: '0' }, '400 InvalidParamter: Invalid Parameter'],
    [{ IsSupportCloudinit: 'maybe' }, '400 InvalidParamter: Invalid Parameter'],
  ])('%o', async (parameters, refusal) => {
    expect(await account.ecs('DescribeImages', parameters)).toBe(refusal)
  })
})

test('an image that is released is the newest, and one that is retired is gone', async () => {
  const { catalogue } = account.compute
  catalogue.releaseImages({
    base: 'debian_13_7',
    platform: 'Debian',
    title: 'Debian  13.7',
    architectures: ['x86_64'],
    dates: ['20261120'],
  })
  const released = 'debian_13_7_x64_20G_alibase_20261120.vhd'
  expect((await ids({ PageSize: '1' }))[0]).toBe(released)
  catalogue.retireImage(released)
  expect(await ids({ ImageId: released })).toEqual([])
})

test('an image names the types that it boots on', async () => {
  const answer = account.ecs('DescribeImageSupportInstanceTypes', { ImageId: DEBIAN_ARM })
  const types = await part(answer, 'InstanceTypes', 'InstanceType')
  expect(types).toHaveLength(6)
  expect(types).toMatchObject(Array.from({ length: 6 }, () => ({ CpuArchitecture: 'ARM' })))
  expect(await account.ecs('DescribeImageSupportInstanceTypes', { ImageId: 'none' })).toBe(
    '404 InvalidImageId.NotFound: The specified ImageId does not exist.',
  )
})
