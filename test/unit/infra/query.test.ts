import { RunError } from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import { queryCloud } from '../../../infra/pulumi/query.ts'

const START = 'invocation of alicloud:ecs/getImages:getImages returned an error: '

test('a result is returned', async () => {
  expect(await queryCloud('how late it is', Promise.resolve(12))).toBe(12)
})

test.each([
  [
    "of the SDK's older kind",
    `${START}invoking alicloud:ecs/getImages:getImages: \u001b[31m[ERROR]\u001b[0m provider/images.go:350: Datasource DescribeImages Failed!!! [SDK ERROR]:
SDK.ServerError
ErrorCode: Forbidden.RAM
Recommend:
RequestId: 6A1D
Message: User not authorized to operate on the specified resource
RespHeaders: map[Content-Type:[application/json]]`,
    'Forbidden.RAM: User not authorized to operate on the specified resource',
  ],
  [
    "of the SDK's newer kind",
    `${START}invoking alicloud:ecs/getImages:getImages: \u001b[31m[ERROR]\u001b[0m provider/types.go:465:
SDKError:
   StatusCode: 403
   Code: NotAuthorized
   Message: code: 403, You are not authorized. request id: 6A1D
   Data: {"Code":"NotAuthorized","Message":"You are not authorized."}
`,
    'NotAuthorized: You are not authorized.',
  ],
  [
    'of the provider itself',
    `${START}invoking alicloud:ecs/getImages:getImages: no such host\nmore`,
    'no such host',
  ],
  ['of the engine', 'connection lost\n    at somewhere', 'connection lost'],
])('an error %s becomes one line', async (_, message, line) => {
  await expect(
    queryCloud('which images there are', Promise.reject(new Error(message))),
  ).rejects.toThrow(new RunError(`Alibaba Cloud did not answer which images there are: ${line}`))
})

test('a value that is no error is part of the message', async () => {
  await expect(queryCloud('how late it is', Promise.reject('nothing'))).rejects.toThrow(
    new RunError('Alibaba Cloud did not answer how late it is: nothing'),
  )
})

test('without credentials the error says where they come from', async () => {
  const message = `${START}configuring Terraform Alibaba Cloud Provider: no valid credential sources for Terraform Alibaba Cloud Provider found.\n\nPlease see https://registry.example`
  await expect(
    queryCloud('whose account it is', Promise.reject(new Error(message))),
  ).rejects.toThrow(
    new RunError(
      'There are no credentials for Alibaba Cloud: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE to a profile of its CLI.',
    ),
  )
})
