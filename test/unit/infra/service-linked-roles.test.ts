import * as pulumi from '@pulumi/pulumi'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createServiceLinkedRoles } from '../../../infra/fleet/service-linked-roles.ts'
import { recordRegistrations } from './registrations.ts'

const requests: string[] = []
const warn = vi.spyOn(pulumi.log, 'warn')

beforeEach(() => {
  requests.length = 0
  warn.mockReset().mockResolvedValue()
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'LTAI')
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'secret')
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

/** Answers the calls for both services. */
function answer(responses: Record<string, () => Response>): void {
  vi.stubGlobal('fetch', async (url: string, { body }: { body: URLSearchParams }) => {
    const service = body.get('ServiceName') ?? ''
    requests.push(`${url} ${body.get('Action')} ${service}`)
    return responses[service]?.() ?? Response.json({ Role: {} })
  })
}
const refusal = (status: number, Code: string) => () =>
  Response.json({ Code, Message: 'Refused.' }, { status })

test('both roles are created, and one that exists is no error', async () => {
  await recordRegistrations()
  answer({ 'ess.aliyuncs.com': refusal(409, 'EntityAlreadyExists.Role') })
  await createServiceLinkedRoles()
  const call = 'https://resourcemanager.aliyuncs.com/ CreateServiceLinkedRole'
  expect(requests.toSorted()).toEqual([`${call} alb.aliyuncs.com`, `${call} ess.aliyuncs.com`])
  expect(warn).not.toHaveBeenCalled()
})

test('a key that may not create them gets the command for an administrator', async () => {
  await recordRegistrations()
  answer({ 'ess.aliyuncs.com': refusal(403, 'NoPermission') })
  await createServiceLinkedRoles()
  expect(warn.mock.calls).toEqual([
    [
      'The key that deploys may not create the service-linked role of ess.aliyuncs.com (NoPermission). If the account ' +
        'has never used this service, an administrator has to: aliyun resourcemanager CreateServiceLinkedRole --ServiceName ess.aliyuncs.com',
    ],
  ])
})

test('another refusal ends the update', async () => {
  await recordRegistrations()
  answer({ 'alb.aliyuncs.com': refusal(400, 'InvalidParameter') })
  await expect(createServiceLinkedRoles()).rejects.toThrow(
    'resourcemanager.aliyuncs.com refused CreateServiceLinkedRole: InvalidParameter: Refused.',
  )
})

test('a preview sends no request', async () => {
  await recordRegistrations({ preview: true })
  answer({})
  await createServiceLinkedRoles()
  expect(requests).toEqual([])
})
