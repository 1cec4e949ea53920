import type { Credentials } from '@oss-direct-upload/signing'
import { Config } from '@pulumi/pulumi'
import { deployerCredentials } from './deployer-credentials.ts'
import { callRpc, type RpcRequest } from './rpc.ts'

/** Returns the credentials of the provider for the stack that is being deployed. See `deployerCredentials`. */
export function stackCredentials(): Promise<Credentials | undefined> {
  const config = new Config('alicloud')
  return deployerCredentials((name) => config.get(name))
}

/** Calls the ECS API of a region with the credentials of the provider. @throws RpcError */
export function callEcs(
  action: string,
  region: string,
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  return callAsDeployer({
    host: `ecs.${region}.aliyuncs.com`,
    version: '2014-05-26',
    action,
    parameters: { RegionId: region, ...parameters },
  })
}

/** Calls an RPC API with the credentials of the provider. @throws RpcError */
export async function callAsDeployer(request: Omit<RpcRequest, 'credentials'>): Promise<unknown> {
  const credentials = await stackCredentials()
  return callRpc({ ...request, ...(credentials && { credentials }) })
}
