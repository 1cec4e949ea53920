import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { callRpc } from './cloud-client.ts'
import { ACCOUNT, createDeployerRole, ROLE_ARN } from './deployer-role.ts'
import { expectSuccess, setUpDeployment } from './deployment-setup.ts'

const MAY_ASSUME = {
  Version: '1' as const,
  Statement: [{ Effect: 'Allow' as const, Action: ['sts:AssumeRole'], Resource: ['*'] }],
}

const MODES = ['StsToken', 'RamRoleArn', 'ChainableRamRoleArn', 'External'] as const

test('provider and program have the same identity, by a URI and by every mode of a profile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'profiles-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'config.json')
  let session: Record<string, string> = {}
  const served = createServer((_request, response) =>
    response.end(JSON.stringify({ Code: 'Success', ...session })),
  ).listen(0, '127.0.0.1')
  await once(served, 'listening')
  onTestFinished(() => void served.close())
  const { cloud, project } = await setUpDeployment({
    cloud: {
      accountId: ACCOUNT,
      propagationMs: 0,
      deployer: { userName: 'ci', policies: [MAY_ASSUME] },
    },
    environment: {
      ALICLOUD_ACCESS_KEY: '',
      ALICLOUD_SECRET_KEY: '',
      ALIBABA_CLOUD_CREDENTIALS_FILE: file,
      ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:${(served.address() as AddressInfo).port}/`,
    },
  })
  await createDeployerRole(cloud, { Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] } })
  const { body } = await callRpc(cloud, cloud.deployer, 'sts.aliyuncs.com', {
    Action: 'AssumeRole',
    Version: '2015-04-01',
    RoleArn: ROLE_ARN,
    RoleSessionName: 'served',
  })
  session = body.Credentials as Record<string, string>

  const { accessKeyId, accessKeySecret } = cloud.deployer
  const key = { access_key_id: accessKeyId, access_key_secret: accessKeySecret }
  const role = { ram_role_arn: ROLE_ARN, ram_session_name: 'ci', expired_seconds: 3600 }
  const temporary = {
    mode: 'StsToken',
    access_key_id: session.AccessKeyId,
    access_key_secret: session.AccessKeySecret,
    sts_token: session.SecurityToken,
  }
  const script = join(folder, 'print.mjs')
  await writeFile(script, `console.log(${JSON.stringify(JSON.stringify(temporary))})`)
  const profiles = [
    { name: 'AK', mode: 'AK', ...key },
    { name: 'StsToken', ...temporary },
    { name: 'RamRoleArn', mode: 'RamRoleArn', ...key, ...role },
    { name: 'ChainableRamRoleArn', mode: 'ChainableRamRoleArn', source_profile: 'AK', ...role },
    { name: 'External', mode: 'External', process_command: `node ${script}` },
  ].map((profile) => ({ region_id: 'ap-southeast-1', ...profile }))
  await writeFile(file, JSON.stringify({ current: 'AK', profiles }))

  /** Returns who calls in a preview: the provider lists images, the program asks for quotas. */
  const callers = async () => {
    cloud.audit.clear()
    expectSuccess(await project.preview())
    return ['ecs:DescribeImages', 'quotas:ListProductQuotas'].map((action) => [
      ...new Set(cloud.audit.find({ action, succeeded: true }).map(({ caller }) => caller)),
    ])
  }
  const identities: Record<string, string[][]> = { URI: await callers() }
  for (const mode of MODES) {
    await project.configure({ 'alicloud:profile': mode })
    identities[mode] = await callers()
  }
  const temporarily = [['role/deployer/served'], ['role/deployer/served']]
  const assumed = [['role/deployer/ci'], ['role/deployer/ci']]
  expect(identities).toEqual({
    URI: temporarily,
    StsToken: temporarily,
    RamRoleArn: assumed,
    ChainableRamRoleArn: assumed,
    External: temporarily,
  })
})
