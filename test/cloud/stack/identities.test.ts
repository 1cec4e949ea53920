import { OidcIssuer, oidcProviderArn, type SimulatedCloud } from 'simulated-cloud'
import { expect, test } from 'vitest'
import { requestOss } from './cloud-client.ts'
import { ACCOUNT, createDeployerRole, ROLE_ARN } from './deployer-role.ts'
import { expectSuccess, setUpDeployment } from './deployment-setup.ts'
import type { StackProject } from './stack-project.ts'

const REGION = 'ap-southeast-1'
const MAY_ASSUME = {
  Version: '1' as const,
  Statement: [{ Effect: 'Allow' as const, Action: ['sts:AssumeRole'], Resource: ['*'] }],
}

/** Deploys a stack, uploads a file, and destroys both. */
async function deployAndDestroy(cloud: SimulatedCloud, project: StackProject): Promise<void> {
  expectSuccess(await project.up())
  const { OssBucketName: bucket = '' } = await project.outputs()
  const key = await project.accessKey()
  const put = { bucket, key: 'upload/a', method: 'PUT', body: 'a' } as const
  expect(await requestOss(cloud, key, REGION, put)).toBe('200')
  const { output } = expectSuccess(await project.destroy())
  expect(output).toContain(`${bucket}: 1 objects deleted`)
}

test('a key that can only assume a role deploys a stack, and destroys it with its files', async () => {
  const { cloud, project } = await setUpDeployment({
    cloud: { accountId: ACCOUNT, deployer: { userName: 'ci', policies: [MAY_ASSUME] } },
    config: { 'alicloud:assumeRole': { roleArn: ROLE_ARN, sessionName: 'ci' } },
  })
  const Principal = { RAM: [`acs:ram::${ACCOUNT}:root`] }
  const deleteRole = await createDeployerRole(cloud, { Principal })
  await deployAndDestroy(cloud, project)
  await deleteRole()
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})

test('an OIDC token deploys a stack without any key, and destroys it with its files', async () => {
  const issuer = new OidcIssuer('https://ci.example')
  const oidcProvider = oidcProviderArn(ACCOUNT, 'ci')
  const exp = Math.ceil(Date.now() / 1000) + 3600
  const oidcToken = issuer.issue({ aud: 'alibaba', sub: 'repo:photos', exp })
  const { cloud, project } = await setUpDeployment({
    cloud: { accountId: ACCOUNT },
    environment: { ALICLOUD_ACCESS_KEY: '', ALICLOUD_SECRET_KEY: '' },
    config: {
      'alicloud:assumeRoleWithOidc': {
        roleArn: ROLE_ARN,
        roleSessionName: 'ci',
        oidcProviderArn: oidcProvider,
        oidcToken,
      },
    },
  })
  cloud.account.directory.oidcProviders.set('ci', issuer.provider('ci', ['alibaba']))
  const Condition = { StringEquals: { 'oidc:sub': 'repo:photos', 'oidc:aud': 'alibaba' } }
  const deleteRole = await createDeployerRole(cloud, {
    Principal: { Federated: [oidcProvider] },
    Condition,
  })
  await deployAndDestroy(cloud, project)
  await deleteRole()
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
  // The uploads are the uploader's.
  const callers = new Set(cloud.audit.entries.map(({ caller }) => caller))
  expect([...callers].toSorted()).toEqual([
    'anonymous',
    'role/deployer/ci',
    'root',
    'user/oss-direct-upload-dev-uploader',
  ])
})
