/** A refusal that a fault can make: the calls that have it, HTTP status, message. */
type FaultRefusal = readonly [actions: string, status: number, message: string]

const CREATING_INSTANCES = 'ecs:RunInstances'
const BUSY = 'The system is busy, please try again later.'
const CONFLICT = 'The operation conflicts with another one, please try again later.'

/**
 * Refusals that depend on nothing a program sends: states of the account, which last, and of the
 * service, which pass.
 * Source: the error code tables of the actions, and the codes that the provider retries.
 */
export const FAULT_REFUSALS = {
  'Forbidden.RiskControl': [
    '*',
    403,
    'This operation is forbidden by the risk control of the account.',
  ],
  'Account.Arrearage': ['ecs:*', 400, 'Your account has an outstanding payment.'],
  RealNameAuthenticationError: [
    CREATING_INSTANCES,
    403,
    'Your account has not passed the real-name authentication yet.',
  ],
  'InvalidInstanceType.ValueUnauthorized': [
    CREATING_INSTANCES,
    400,
    'The specified InstanceType is not authorized.',
  ],
  RegionUnauthorized: [
    CREATING_INSTANCES,
    403,
    'There is no authority to create instance in the specified region.',
  ],
  'Zone.NotOnSale': [CREATING_INSTANCES, 403, 'The specified zone is not available for purchase.'],
  'QuotaExceed.AfterpayInstance': [
    CREATING_INSTANCES,
    400,
    'Living afterpay instances quota exceeded.',
  ],
  // Also right after DescribeAvailableResource has listed the type as available.
  'OperationDenied.NoStock': [
    CREATING_INSTANCES,
    403,
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
  ],
  OperationConflict: ['*', 400, CONFLICT],
  TaskConflict: ['vpc:*', 400, CONFLICT],
  SystemBusy: ['*', 400, BUSY],
  'OperationFailed.LastTokenProcessing': ['*', 400, 'The last token request is processing.'],
  LastTokenProcessing: ['*', 400, 'The last token request is processing.'],
  IdempotenceProcessing: ['*', 400, 'The previous idempotent request is processing.'],
  'FrequentPurchase.EIP': [
    'vpc:AllocateEipAddress',
    400,
    'EIPs are purchased too frequently, please try again later.',
  ],
  InvalidBindingStatus: ['vpc:*EipAddress', 400, 'The binding status of the EIP is not valid.'],
  'InvalidStatus.EcsStatusNotSupport': [
    'vpc:*EipAddress',
    400,
    'The status of the ECS instance does not support this operation.',
  ],
  'IncorrectStatus.VSwitch': ['vpc:*', 400, 'The status of the vSwitch is incorrect.'],
  'IncorrectStatus.VpcRouteEntry': ['vpc:*', 400, 'The status of the route entry is incorrect.'],
  IncorrectRouteEntryStatus: ['vpc:*', 400, 'The status of the route entry is incorrect.'],
  'DependencyViolation.RouteEntry': ['*:Delete*', 400, 'There is still a route entry.'],
  'IncorrectBusinessStatus.LoadBalancer': [
    'alb:*',
    400,
    'The business status of LoadBalancer is incorrect.',
  ],
  'ResourceInConfiguring.Listener': ['alb:*', 400, 'The resource of Listener is in configuring.'],
  'Throttling.ConcurrentLimitExceeded': [
    '*',
    400,
    'Request was denied due to concurrent flow control.',
  ],
  'EntityNotExist.User': ['ram:*', 404, 'The user does not exist.'],
} as const satisfies Record<string, FaultRefusal>

/** Codes of these refusals. */
export type FaultRefusalCode = keyof typeof FAULT_REFUSALS
