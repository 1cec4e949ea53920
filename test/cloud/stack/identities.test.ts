import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { requestOss, requestRpc } from './cloud-client.ts'
import { expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'
const POLICY = new URL('../../../docs/deployer-policy.json', import.meta.url)
const ACCOUNT = '1234567890123456'
const ROLE_ARN = `acs:ram::${ACCOUNT}:role/deployer`
const MAY_ASSUME = {
  Version: '1' as const,
  Statement: [{ Effect: 'Allow' as const, Action: ['sts:AssumeRole'], Resource: ['*'] }],
}

test('a key that can only assume a role deploys a stack, and destroys it with its files', async () => {
  const { cloud, project } = await setUpDeployment({
    cloud: { accountId: ACCOUNT, deployer: { userName: 'ci', policies: [MAY_ASSUME] } },
    config: { 'alicloud:assumeRole': { roleArn: ROLE_ARN, sessionName: 'ci' } },
  })
  const owner = cloud.account.addDeployer()
  const ram = (Action: string, parameters: Record<string, string>) =>
    requestRpc(cloud, owner, 'ram.aliyuncs.com', { Action, Version: '2015-05-01', ...parameters })
  const trust = {
    Version: '1',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
      },
    ],
  }
  const policy = { PolicyName: 'deploys', PolicyType: 'Custom', RoleName: 'deployer' }
  const steps = [
    await ram('CreateRole', {
      RoleName: 'deployer',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
    await ram('CreatePolicy', {
      PolicyName: 'deploys',
      PolicyDocument: await readFile(POLICY, 'utf8'),
    }),
    await ram('AttachPolicyToRole', policy),
  ]
  expect(steps).toEqual(['200', '200', '200'])

  expectSuccess(await project.up())
  const { OssBucketName: bucket = '' } = await project.outputs()
  const key = await project.accessKey()
  const put = { bucket, key: 'upload/a', method: 'PUT', body: 'a' } as const
  expect(await requestOss(cloud, key, REGION, put)).toBe('200')
  const { output } = expectSuccess(await project.destroy())
  expect(output).toContain(`${bucket}: 1 objects deleted`)

  await ram('DetachPolicyFromRole', policy)
  await ram('DeletePolicy', { PolicyName: 'deploys' })
  await ram('DeleteRole', { RoleName: 'deployer' })
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
