import { readFile } from 'node:fs/promises'
import type { SimulatedCloud } from 'simulated-cloud'
import { expect } from 'vitest'
import { requestRpc } from './cloud-client.ts'

const POLICY = new URL('../../../docs/deployer-policy.json', import.meta.url)

export const ACCOUNT = '1234567890123456'
export const ROLE_ARN = `acs:ram::${ACCOUNT}:role/deployer`

/** Creates the role `deployer` with the deployer's policy. @returns A function that deletes both */
export async function createDeployerRole(
  cloud: SimulatedCloud,
  trusted: { Principal: object; Condition?: object },
): Promise<() => Promise<void>> {
  const owner = cloud.account.addDeployer()
  const ram = async (Action: string, parameters: Record<string, string>) => {
    const call = { Action, Version: '2015-05-01', ...parameters }
    expect(await requestRpc(cloud, owner, 'ram.aliyuncs.com', call)).toBe('200')
  }
  const trust = {
    Version: '1',
    Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', ...trusted }],
  }
  const policy = { PolicyName: 'deploys', PolicyType: 'Custom', RoleName: 'deployer' }
  await ram('CreateRole', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  })
  await ram('CreatePolicy', {
    PolicyName: 'deploys',
    PolicyDocument: await readFile(POLICY, 'utf8'),
  })
  await ram('AttachPolicyToRole', policy)
  return async () => {
    await ram('DetachPolicyFromRole', policy)
    await ram('DeletePolicy', { PolicyName: 'deploys' })
    await ram('DeleteRole', { RoleName: 'deployer' })
  }
}
