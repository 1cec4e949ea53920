import * as pulumi from '@pulumi/pulumi'
import { RpcError } from '../identity/rpc.ts'
import { callAsDeployer } from '../identity/stack-credentials.ts'

/** Services that act for the account in a fleet, by a role that an account lacks until it first uses them. */
const SERVICES = ['alb.aliyuncs.com', 'ess.aliyuncs.com'] as const

/**
 * Creates the service-linked roles of ALB and Auto Scaling where the account lacks them, which costs nothing;
 * not in a preview. They stay when the stack is destroyed, because they belong to the account.
 * Source: "Service-linked role" (Auto Scaling), "CreateServiceLinkedRole" (Resource Management API).
 *
 * @throws RpcError when the cloud does not answer
 */
export async function createServiceLinkedRoles(): Promise<void> {
  if (pulumi.runtime.isDryRun()) return
  await Promise.all(SERVICES.map(createServiceLinkedRole))
}

async function createServiceLinkedRole(service: string): Promise<void> {
  try {
    await callAsDeployer({
      host: 'resourcemanager.aliyuncs.com',
      version: '2020-03-31',
      action: 'CreateServiceLinkedRole',
      parameters: { ServiceName: service },
    })
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    if (error.code === 'EntityAlreadyExists.Role') return
    if (error.status !== 403) throw error
    await pulumi.log.warn(
      `The key that deploys may not create the service-linked role of ${service} (${error.code}). If the account ` +
        `has never used this service, an administrator has to: aliyun resourcemanager CreateServiceLinkedRole --ServiceName ${service}`,
    )
  }
}
