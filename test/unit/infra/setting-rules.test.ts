import { expect, test } from 'vitest'
import { defaults, load, problems } from './load-settings.ts'

test('a maxSize beyond that of a form needs largeFiles', () => {
  expect(load({ maxSize: '5368709120' }).maxSize).toBe(5_368_709_120)
  expect(problems({ maxSize: '5368709121' })).toEqual([
    'maxSize must be at most 5368709120 unless largeFiles is true',
  ])
  expect(load({ maxSize: '53687091200000', largeFiles: 'true' }).maxSize).toBe(53_687_091_200_000)
})

test('the settings of https need it, and https needs a port that is open to everyone', () => {
  const domain = 'photos.example'
  const acmeDirectory = 'https://acme.example/directory'
  expect(problems({ domain, acmeDirectory })).toEqual([
    'domain needs https to be true',
    'acmeDirectory needs https to be true',
  ])
  const allowedCidrs = '["203.0.113.0/24"]'
  expect(problems({ https: 'true', domain, acmeDirectory, allowedCidrs })).toEqual([
    'allowedCidrs must have 0.0.0.0/0 with https: the certificate authority connects to port 80 from ' +
      'addresses that it does not publish. An accessCode keeps strangers from uploading',
  ])
  const others = { signatureVersion: 'v1', credentials: 'instance-role', callback: 'true' }
  expect(load({ https: 'true', ...others }).https).toBe(true)
})

test('without instances there is a single server', () => {
  expect(load({ instances: '' })).toEqual(load({}))
  expect(load({ instances: '{}' })).toEqual(load({}))
})

test('instances contradict the settings of a single server', () => {
  const instances = '{"min":2,"max":4}'
  expect(
    problems({
      instances,
      https: 'true',
      acmeDirectory: 'https://acme.example/directory',
      certificateId: '1234567-ap-southeast-1',
      zoneId: 'ap-southeast-1a',
      systemDiskCategory: 'cloud_essd_entry',
      password: 'Swordfish-7',
      sshCidrs: '["203.0.113.7/32"]',
      allowedCidrs: '["203.0.113.0/24"]',
    }),
  ).toEqual([
    'https must be false with instances: their load balancer takes a certificate by certificateId, for domain',
    'acmeDirectory needs https, which instances do not have',
    'instances need domain, a host name for the page: a load balancer serves no requests for its own name',
    'zoneId must be left out with instances: they run in two zones, chosen from those that have them in stock',
    'systemDiskCategory must be cloud_efficiency or cloud_essd with instances, which Auto Scaling creates',
    'password must be left out with instances: nobody logs in to servers that come and go',
    'sshCidrs must be empty with instances: nobody logs in to servers that come and go',
    'allowedCidrs must have 0.0.0.0/0 with instances: their load balancer lets everyone in. An accessCode keeps strangers from uploading',
  ])
  expect(problems({ certificateId: '1234567-ap-southeast-1' })).toEqual([
    'certificateId needs instances: a single server gets its certificate with https',
  ])
  expect(problems({ certificateId: '1234567-ap-southeast-1', https: 'true' })).toEqual([
    'certificateId needs instances: a single server gets its certificate with https',
  ])
  const certified = { certificateId: '1234567-ap-southeast-1', domain: 'photos.example' }
  const size = { min: 2, max: 4 }
  expect(load({ instances, ...certified })).toEqual({ ...defaults, ...certified, instances: size })
  const { domain } = certified
  expect(load({ instances, domain })).toEqual({ ...defaults, domain, instances: size })
})

test('type and architecture must not contradict each other', () => {
  expect(problems({ instanceType: 'ecs.c8y.small', architecture: 'x86_64' })).toEqual([
    'architecture must be that of instanceType, or be left out',
  ])
})

test('a form without a name cannot be held to types or callbacks', () => {
  expect(load({ generalForm: 'true' }).generalForm).toBe(true)
  expect(problems({ generalForm: 'true', allowedTypes: '[".jpg"]', callback: 'true' })).toEqual([
    'generalForm must be false with allowedTypes: no policy can hold such a form to types',
    'generalForm must be false with callback: such a form has no key that a callback could be tied to',
  ])
})

test('a form without a name cannot be held to quotas', () => {
  const line =
    'generalForm must be false with filesPerHour and bytesPerHour: such a form stores any number of files'
  expect(problems({ generalForm: 'true', filesPerHour: '1' })).toEqual([line])
  expect(problems({ generalForm: 'true', bytesPerHour: '1' })).toEqual([line])
})

test('checks of uploads need the notifications that they check', () => {
  expect(problems({ checkUploads: 'true' })).toEqual(['checkUploads needs callback to be true'])
  expect(load({ checkUploads: 'true', callback: 'true' }).checkUploads).toBe(true)
})

test('an upload host that cannot work is refused with what to write', () => {
  const host = (name: string) => ({ uploadHost: `https://${name}.aliyuncs.com` })
  expect(problems(host('photos.oss-ap-southeast-1-internal'))).toEqual([
    'uploadHost must not be an internal endpoint, which visitors cannot reach; write https://BUCKET.oss-ap-southeast-1.aliyuncs.com',
  ])
  expect(problems({ ...host('films.oss-ap-southeast-1'), bucketName: 'photos' })).toEqual([
    'uploadHost must not be of the bucket films, as forms are signed for photos; write https://photos.oss-ap-southeast-1.aliyuncs.com',
  ])
  expect(problems(host('photos.oss-ap-southeast-1'))).toEqual([])
})

test('a type that no file has is refused with the one that is meant', () => {
  expect(problems({ allowedTypes: '["image/png","image/jpg"]' })).toEqual([
    'allowedTypes must list image/jpeg in place of image/jpg, a type that no file has',
  ])
})
