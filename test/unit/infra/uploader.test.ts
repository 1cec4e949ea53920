import * as pulumi from '@pulumi/pulumi'
import { expect, test, vi } from 'vitest'
import { Uploader } from '../../../infra/ram/uploader.ts'
import { named, recordRegistrations, resolved, settled } from './registrations.ts'

vi.mock('../../../infra/ram/settled-user.ts', () => import('./settled-user-stand-in.ts'))

const outputs = {
  'alicloud:ram/accessKey:AccessKey': () => ({ secret: 'key-of-the-uploader' }),
}

test('the uploader is a RAM user that can put objects under one prefix and nothing else', async () => {
  const recorded = await recordRegistrations({ outputs })
  const uploader = new Uploader('uploader', {
    bucketName: 'shop-uploads',
    uploadDir: 'upload/',
    tags: { team: 'web' },
  })
  await settled()

  const [component, ...children] = recorded
  expect(component).toEqual({
    type: 'oss-direct-upload:index:Uploader',
    name: 'uploader',
    inputs: {},
    options: {},
  })
  expect(children.every(({ parent }) => parent === 'uploader')).toBe(true)
  expect(
    Object.fromEntries(children.map(({ name, type, inputs }) => [name, [type, inputs]])),
  ).toEqual({
    'uploader-user': [
      'alicloud:ram/user:User',
      {
        name: 'shop-dev-uploader',
        comments: 'Signs uploads from browsers: may put objects, nothing else',
        force: true,
      },
    ],
    'uploader-policy': [
      'alicloud:ram/policy:Policy',
      {
        policyName: 'shop-dev-uploader',
        description: 'Put objects under the upload directory',
        policyDocument: JSON.stringify({
          Version: '1',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['oss:PutObject'],
              Resource: ['acs:oss:*:*:shop-uploads/upload/*'],
            },
          ],
        }),
        rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
        tags: { team: 'web' },
      },
    ],
    'uploader-policy-attachment': [
      'alicloud:ram/userPolicyAttachment:UserPolicyAttachment',
      {
        userName: 'shop-dev-uploader',
        policyName: 'shop-dev-uploader',
        policyType: 'Custom',
      },
    ],
    'uploader-key': ['alicloud:ram/accessKey:AccessKey', { userName: 'shop-dev-uploader' }],
  })
  expect(children).toHaveLength(4)
  expect(await resolved(uploader.userName)).toBe('shop-dev-uploader')
  expect(await resolved(uploader.accessKeyId)).toBe('uploader-key-id')
})

test('with large files it can also list and abort multipart uploads', async () => {
  const recorded = await recordRegistrations({ outputs })
  new Uploader('up', { bucketName: 'shop-uploads', uploadDir: 'in/', uploadsInParts: true })
  await settled()
  expect(JSON.parse(String(named(recorded, 'up-policy').inputs.policyDocument))).toEqual({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
        Resource: ['acs:oss:*:*:shop-uploads/in/*'],
      },
    ],
  })
})

test('with uploads that are checked it can also read objects', async () => {
  const recorded = await recordRegistrations({ outputs })
  new Uploader('up', { bucketName: 'shop-uploads', uploadDir: 'in/', checksUploads: true })
  await settled()
  const { Statement } = JSON.parse(String(named(recorded, 'up-policy').inputs.policyDocument))
  expect(Statement[0].Action).toEqual(['oss:PutObject', 'oss:GetObject'])
})

test("the key's secret is a Pulumi secret", async () => {
  await recordRegistrations({ outputs })
  const uploader = new Uploader('uploader', { bucketName: 'shop-uploads', uploadDir: '' })
  await settled()
  expect(await pulumi.isSecret(uploader.accessKeySecret)).toBe(true)
  expect(await resolved(uploader.accessKeySecret)).toBe('key-of-the-uploader')
  expect(await pulumi.isSecret(uploader.accessKeyId)).toBe(false)
})
