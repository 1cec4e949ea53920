/** What to do about a refusal of the cloud. */
export interface Refusal {
  /** The cloud's error code. */
  code: string
  /** One or two sentences. */
  advice: string
}

const QUOTA =
  'A quota of the account is used up. Release what is not needed, or raise the quota in the Quota Center.'
const BALANCE =
  'The account has to pay first. Settle the outstanding payment or top up the balance in the console (Expenses and Costs).'
const SECURITY =
  'Alibaba Cloud has blocked the key or the account for its security. If the key may have leaked, replace it; else open a ticket.'
const PERMISSION =
  'The key that deploys lacks a permission. Compare its policy with docs/deployer-policy.json.'
const BUSY =
  'Alibaba Cloud is busy with another operation. Run the same command again in a few minutes.'

/**
 * Advice for each code, or for all that start with it and a dot.
 * Source: the error code tables of RunInstances (ECS), AllocateEipAddress (VPC), CreateLoadBalancer (ALB),
 * CreateScalingGroup (ESS), RAM and "Access OSS through a custom domain name" (OSS).
 */
const ADVICE: Readonly<Record<string, string>> = {
  'Account.Arrearage': BALANCE,
  'InvalidAccountStatus.NotEnoughBalance': BALANCE,
  UserDisable: `${BALANCE} OSS also answers so while it is not activated.`,
  RealNameAuthenticationError:
    'The account needs real-name verification. Complete it in the console (Account Center).',
  'InvalidAccountStatus.SecurityRisk': SECURITY,
  'Forbidden.RiskControl': SECURITY,
  'InvalidInstanceType.ValueUnauthorized':
    'The account may not use this instance type. Set instanceType to another one, or apply for it in the ECS console.',
  RegionUnauthorized:
    'The account may not create instances in this region. Set alicloud:region to another one, or apply for it by a ticket.',
  'Zone.NotOnSale':
    'The zone is no longer on sale. Set zoneId to another one; for a zone that was chosen for you, that is a zone of the same region.',
  QuotaExceed: QUOTA,
  QuotaExceeded: QUOTA,
  LimitExceeded: QUOTA,
  'OperationDenied.NoStock':
    'It has sold out since it was listed. Set instanceType or zoneId to another one, or try again later.',
  'ServiceLinkedRole.NotExist':
    'The account has not used this service yet, which therefore lacks its service-linked role. Create it as docs/fleet.md says.',
  PublicEndpointForbidden:
    'Accounts opened since March 2025 reach data in the Chinese mainland by a domain of their own only. Set uploadHost, or alicloud:region to one outside.',
  NoPermission: PERMISSION,
  'Forbidden.RAM': PERMISSION,
}

/**
 * Refusals that pass without anybody's doing, by code, or by what precedes its first dot. Nothing has been
 * created or deleted when a call is refused so. The provider repeats most calls itself, but not all.
 * Source: the codes that terraform-provider-alicloud retries, and the error code tables of ECS, VPC and ALB.
 */
const TRANSIENT = new Set([
  'DependencyViolation.RouteEntry',
  'FrequentPurchase.EIP',
  'IdempotenceProcessing',
  'IncorrectBusinessStatus',
  'IncorrectRouteEntryStatus',
  'IncorrectStatus',
  'InvalidBindingStatus',
  'InvalidStatus.EcsStatusNotSupport',
  'LastTokenProcessing',
  'OperationConflict',
  'OperationFailed',
  'ResourceInConfiguring',
  'ServiceUnavailable',
  'SystemBusy',
  'TaskConflict',
  'Throttling',
])

/** Returns whether an error of the provider is a refusal that passes by itself. */
export function isTransient(error: string): boolean {
  const code = providerErrorCode(error) ?? ''
  return TRANSIENT.has(code) || TRANSIENT.has(code.split('.', 1)[0] ?? '')
}

/** Returns the cloud's code from an error of the provider, without colours, or undefined when it has none. */
export function providerErrorCode(text: string): string | undefined {
  return /^\s*(?:Error)?Code: *(\S+)/m.exec(text)?.[1]
}

/** Returns what to do about an error of the provider, or undefined when only the error itself can say. */
export function explainRefusal(error: string): Refusal | undefined {
  const code = providerErrorCode(error)
  if (code === undefined) return undefined
  const known = ADVICE[code] ?? ADVICE[code.split('.', 1)[0] ?? '']
  const advice = known ?? (isTransient(error) ? BUSY : undefined)
  return advice === undefined ? undefined : { code, advice }
}
