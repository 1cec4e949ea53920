import { sleep } from '@oss-direct-upload/retry'
import * as pulumi from '@pulumi/pulumi'
import type { StackConfig } from '../config/stack-config.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { ecsAccount, hasVpc, productQuota, type Quota } from './account-quotas.ts'
import { shortages } from './shortages.ts'

/** A check that takes longer must not delay an update. */
const TIMEOUT_MS = 8_000
const UNKNOWN: Quota = { total: undefined, used: undefined }

/**
 * Checks before anything is created that the account's quotas have room for a new stack. A stack that exists
 * is not checked, because what it has counts as used. What the cloud does not say is not checked either: the
 * call that exceeds a quota is refused then, and `npm run up` says what to do.
 *
 * @throws pulumi.RunError with a line for each quota that has too little room
 */
export async function checkQuotas(
  config: Pick<StackConfig, 'region' | 'instances'>,
): Promise<void> {
  const timeout = new AbortController()
  const lines = await Promise.race([
    missing(config),
    sleep(TIMEOUT_MS, timeout.signal).then(
      () => [],
      () => [],
    ),
  ])
  timeout.abort()
  if (lines.length > 0) throw new pulumi.RunError(lines.join('\n'))
}

async function missing({
  region,
  instances,
}: Pick<StackConfig, 'region' | 'instances'>): Promise<string[]> {
  const network = stackName(instances ? 'fleet-network' : 'network', NAME_LIMITS.network)
  if (await hasVpc(network, region).catch(() => true)) return []
  const [vpcs, eips, account] = await Promise.all([
    productQuota('vpc', 'vpc_quota_instances_num', region).catch(() => UNKNOWN),
    productQuota('eip', 'eip_quota_instances_num', region).catch(() => UNKNOWN),
    ecsAccount(region).catch(() => undefined),
  ])
  if (account?.lacksRealName) {
    void pulumi.log.warn(
      'The account has not completed real-name verification. Where it is required, no instance can be created before.',
    )
  }
  return shortages(
    [
      { what: 'VPCs', needed: 1, ...vpcs },
      // A load balancer takes one in each of its two zones.
      { what: 'EIPs', needed: instances ? 2 : 1, ...eips },
      {
        what: 'vCPUs of pay-as-you-go instances',
        // At least one for each instance.
        needed: instances?.min ?? 1,
        ...(account?.vcpus ?? UNKNOWN),
      },
    ],
    region,
  )
}
