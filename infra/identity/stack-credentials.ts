import type { Credentials } from '@oss-direct-upload/signing'
import { Config } from '@pulumi/pulumi'
import { deployerCredentials } from './deployer-credentials.ts'
import { callRpc, type RpcRequest } from './rpc.ts'

/** Returns the credentials of the provider for the stack that is being deployed. See `deployerCredentials`. */
export function stackCredentials(): Promise<Credentials | undefined> {
  const config = new Config('alicloud')
  return deployerCredentials((name) => config.get(name))
}

/** Calls an RPC API with the credentials of the provider. @throws RpcError */
export async function callAsDeployer(request: Omit<RpcRequest, 'credentials'>): Promise<unknown> {
  const credentials = await stackCredentials()
  return callRpc({ ...request, ...(credentials && { credentials }) })
}
