import type { Action, ActionCall, ActionParameters } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf, recordsOf } from '../parameter-values.ts'
import { randomTail } from '../resource-id.ts'
import type { AlbState } from './alb-state.ts'
import { tellHardware } from './balancing.ts'
import { beginJob } from './job.ts'
import { describeListener, type ForwardedHeaders, type Listener } from './listener.ts'
import { TAG_PARAMETERS, tagsOfNew } from './load-balancer-actions.ts'
import { requireActive, requireBalancer, requireListener } from './lookup.ts'
import { pageOf } from './paging.ts'
import { refuse } from './refusals.ts'
import { endDryRun, numberBetween, oneOf, truthOf } from './values.ts'

/** What the service has for those that name none. Source: "TLS security policies", ALB documentation. */
const USUAL_POLICY = 'tls_cipher_policy_1_0'
const POLICIES = [
  'tls_cipher_policy_1_0',
  'tls_cipher_policy_1_1',
  'tls_cipher_policy_1_2',
  'tls_cipher_policy_1_2_strict',
  'tls_cipher_policy_1_2_strict_with_1_3',
] as const

const FORWARDED = {
  for: 'XForwardedForEnabled',
  proto: 'XForwardedForProtoEnabled',
  balancerId: 'XForwardedForSLBIdEnabled',
  port: 'XForwardedForSLBPortEnabled',
  clientPort: 'XForwardedForClientSrcPortEnabled',
  host: 'XForwardedForHostEnabled',
} as const satisfies Partial<Record<keyof ForwardedHeaders, string>>

const CLIENT_CERTIFICATE_HEADERS = [
  'XForwardedForClientCertClientVerify',
  'XForwardedForClientCertFingerprint',
  'XForwardedForClientCertIssuerDN',
  'XForwardedForClientCertSubjectDN',
].flatMap((name) => [`${name}Alias`, `${name}Enabled`])

const SETTINGS = [
  'ClientToken',
  'DryRun',
  'ListenerDescription',
  'IdleTimeout',
  'RequestTimeout',
  'GzipEnabled',
  'Http2Enabled',
  'CaEnabled',
  'SecurityPolicyId',
  'QuicConfig.QuicUpgradeEnabled',
  'QuicConfig.QuicListenerId',
  'Certificates.N.CertificateId',
  ...[
    ...Object.values(FORWARDED),
    ...CLIENT_CERTIFICATE_HEADERS,
    'XForwardedForProcessingMode',
    'XForwardedForClientSourceIpsEnabled',
    'XForwardedForClientSourceIpsTrusted',
  ].map((name) => `XForwardedForConfig.${name}`),
]

const ACTIONS = [
  'DefaultActions.N.Type',
  'DefaultActions.N.ForwardGroupConfig.ServerGroupTuples.N.ServerGroupId',
  'DefaultActions.N.ForwardGroupConfig.ServerGroupTuples.N.Weight',
]

function parseForwarded(parameters: ActionParameters, before?: ForwardedHeaders): ForwardedHeaders {
  const truth = (name: string, usual: boolean) =>
    truthOf(parameters, `XForwardedForConfig.${name}`, usual)
  const others = [
    'XForwardedForClientSourceIpsEnabled',
    ...CLIENT_CERTIFICATE_HEADERS.filter((name) => name.endsWith('Enabled')),
  ]
  // Headers about client certificates are not simulated, nor are trusted proxies.
  for (const name of others) if (truth(name, false)) throw refuse('IllegalParam', name)
  const mode = 'XForwardedForConfig.XForwardedForProcessingMode'
  return {
    for: truth(FORWARDED.for, before?.for ?? true),
    proto: truth(FORWARDED.proto, before?.proto ?? false),
    balancerId: truth(FORWARDED.balancerId, before?.balancerId ?? false),
    port: truth(FORWARDED.port, before?.port ?? false),
    clientPort: truth(FORWARDED.clientPort, before?.clientPort ?? false),
    host: truth(FORWARDED.host, before?.host ?? false),
    mode: oneOf(parameters, mode, ['append', 'remove'], before?.mode ?? 'append'),
  }
}

function parseGroups(state: AlbState, call: ActionCall): string[] {
  const actions = recordsOf(call.parameters, 'DefaultActions')
  const [action] = actions
  if (actions.length !== 1 || !action) throw refuse('IllegalParamSize', 'DefaultActions')
  if (action.Type !== 'ForwardGroup') throw refuse('IllegalParam', 'DefaultActions.Type')
  const name = 'ForwardGroupConfig.ServerGroupTuples'
  const ids = Object.entries(action).flatMap(([key, value]) =>
    key.startsWith(name) && key.endsWith('.ServerGroupId') ? [value] : [],
  )
  // Shares between several groups are not simulated.
  if (ids.length !== 1) throw refuse('IllegalParamSize', 'ServerGroupTuples')
  for (const id of ids) {
    const group = state.serverGroups.find(id, call.region)
    if (!group) throw refuse('ResourceNotFound', 'ServerGroup')
    if (group.status === 'Creating') throw refuse('IncorrectStatus', 'ServerGroup')
  }
  return ids
}

function parseCertificates(
  state: AlbState,
  { parameters }: ActionCall,
  protocol: Listener['protocol'],
): string[] {
  const ids = recordsOf(parameters, 'Certificates').map(({ CertificateId = '' }) => CertificateId)
  if (protocol === 'HTTP') {
    if (ids.length > 0) throw refuse('IllegalParam', 'Certificates')
    return []
  }
  if (ids.length !== 1)
    throw refuse(ids.length === 0 ? 'MissingParam' : 'IllegalParamSize', 'Certificates')
  if (ids.some((id) => !state.certificates.has(id))) throw refuse('ResourceNotFound', 'Certificate')
  return ids
}

type Settings = Pick<
  Listener,
  | 'description'
  | 'idleTimeoutSeconds'
  | 'requestTimeoutSeconds'
  | 'gzip'
  | 'http2'
  | 'securityPolicyId'
  | 'forwarded'
>

function parseSettings(
  parameters: ActionParameters,
  protocol: Listener['protocol'],
  before?: Listener,
): Settings {
  if (truthOf(parameters, 'CaEnabled', false)) throw refuse('IllegalParam', 'CaEnabled')
  if (truthOf(parameters, 'QuicConfig.QuicUpgradeEnabled', false)) {
    throw refuse('IllegalParam', 'QuicUpgradeEnabled')
  }
  const description = parameters.ListenerDescription ?? before?.description ?? ''
  if (description !== '' && !/^.{2,256}$/.test(description)) {
    throw refuse('IllegalParam', 'ListenerDescription')
  }
  const secure = protocol === 'HTTPS'
  if (!secure && parameters.SecurityPolicyId) throw refuse('IllegalParam', 'SecurityPolicyId')
  const policy = (before?.securityPolicyId || USUAL_POLICY) as (typeof POLICIES)[number]
  return {
    description,
    idleTimeoutSeconds: numberBetween(
      parameters,
      'IdleTimeout',
      [1, 600],
      before?.idleTimeoutSeconds ?? 15,
    ),
    requestTimeoutSeconds: numberBetween(
      parameters,
      'RequestTimeout',
      [1, 600],
      before?.requestTimeoutSeconds ?? 60,
    ),
    gzip: truthOf(parameters, 'GzipEnabled', before?.gzip ?? true),
    http2: truthOf(parameters, 'Http2Enabled', before?.http2 ?? secure),
    securityPolicyId: secure ? oneOf(parameters, 'SecurityPolicyId', POLICIES, policy) : '',
    forwarded: parseForwarded(parameters, before?.forwarded),
  }
}

/** Has a load balancer listen at a port: Provisioning, then Running. */
export function createListener(state: AlbState): Action {
  return {
    permission: 'alb:CreateListener',
    parameters: {
      LoadBalancerId: 'required',
      ListenerProtocol: 'required',
      ListenerPort: 'required',
      'DefaultActions.N.Type': 'required',
      ...optional(...ACTIONS.slice(1), ...SETTINGS, ...TAG_PARAMETERS),
    },
    handle(call) {
      const { parameters } = call
      const balancer = requireBalancer(state, call)
      requireActive(balancer)
      const protocol = oneOf(parameters, 'ListenerProtocol', ['HTTP', 'HTTPS'], 'HTTP')
      const port = numberBetween(parameters, 'ListenerPort', [1, 65_535], 0)
      const taken = state.listeners
        .all()
        .some((each) => each.loadBalancerId === balancer.id && each.port === port)
      if (taken) throw refuse('ResourceAlreadyExist', 'Listener')
      const listener: Listener = {
        ...parseSettings(parameters, protocol),
        id: `lsn-${randomTail(18)}`,
        region: call.region,
        createdAt: call.now,
        loadBalancerId: balancer.id,
        protocol,
        port,
        tags: tagsOfNew(call),
        serverGroupIds: parseGroups(state, call),
        certificateIds: parseCertificates(state, call, protocol),
        status: 'Provisioning',
      }
      for (const id of listener.serverGroupIds) {
        if (state.serverGroups.get(id)?.vpcId !== balancer.vpcId) throw refuse('Mismatch', 'VpcId')
      }
      endDryRun(parameters)
      state.listeners.add(listener)
      const about = { apiName: 'CreateListener', operateType: 'Create' } as const
      return { ListenerId: listener.id, ...changeListener(state, listener, about, 'Running') }
    },
  }
}

/** Shows a listener; 404 for one that is not there. */
export function getListenerAttribute(state: AlbState): Action {
  return {
    permission: 'alb:GetListenerAttribute',
    parameters: { ListenerId: 'required' },
    handle: (call) => describeListener(requireListener(state, call)),
  }
}

/** Lists listeners; an empty list where none is found. */
export function listListeners(state: AlbState): Action {
  return {
    permission: 'alb:ListListeners',
    parameters: optional(
      'LoadBalancerIds.N',
      'ListenerIds.N',
      'ListenerProtocol',
      'MaxResults',
      'NextToken',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'ListenerIds')
      const balancers = listOf(call.parameters, 'LoadBalancerIds')
      const { ListenerProtocol } = call.parameters
      const found = state.listeners
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter((each) => balancers.length === 0 || balancers.includes(each.loadBalancerId))
        .filter(({ protocol }) => !ListenerProtocol || protocol === ListenerProtocol)
      const { items, about } = pageOf(call.parameters, found)
      return { ...about, Listeners: items.map(describeListener) }
    },
  }
}

/** Changes a listener in place. */
export function updateListenerAttribute(state: AlbState): Action {
  return {
    permission: 'alb:UpdateListenerAttribute',
    parameters: { ListenerId: 'required', ...optional(...ACTIONS, ...SETTINGS) },
    handle(call) {
      const listener = requireListener(state, call)
      if (listener.status !== 'Running') throw refuse('IncorrectStatus', 'Listener')
      const named = (start: string): boolean =>
        Object.keys(call.parameters).some((name) => name.startsWith(start))
      const settings = parseSettings(call.parameters, listener.protocol, listener)
      const groups = named('DefaultActions.') ? parseGroups(state, call) : listener.serverGroupIds
      const certificates = named('Certificates.')
        ? parseCertificates(state, call, listener.protocol)
        : listener.certificateIds
      endDryRun(call.parameters)
      Object.assign(listener, settings)
      listener.serverGroupIds = groups
      listener.certificateIds = certificates
      listener.status = 'Configuring'
      const about = { apiName: 'UpdateListenerAttribute', operateType: 'Update' } as const
      return changeListener(state, listener, about, 'Running')
    },
  }
}

/** Has a listener take requests, or no longer. */
export function switchListener(state: AlbState, on: boolean): Action {
  const apiName = on ? 'StartListener' : 'StopListener'
  return {
    permission: `alb:${apiName}`,
    parameters: { ListenerId: 'required', ...optional('ClientToken', 'DryRun') },
    handle(call) {
      const listener = requireListener(state, call)
      if (listener.status !== (on ? 'Stopped' : 'Running')) {
        throw refuse('IncorrectStatus', 'Listener')
      }
      endDryRun(call.parameters)
      listener.status = 'Configuring'
      const about = { apiName, operateType: 'Update' } as const
      return changeListener(state, listener, about, on ? 'Running' : 'Stopped')
    },
  }
}

/** Takes a listener away. */
export function deleteListener(state: AlbState): Action {
  return {
    permission: 'alb:DeleteListener',
    parameters: { ListenerId: 'required', ...optional('ClientToken', 'DryRun') },
    handle(call) {
      const listener = requireListener(state, call)
      if (listener.status !== 'Running' && listener.status !== 'Stopped') {
        throw refuse('IncorrectStatus', 'Listener')
      }
      endDryRun(call.parameters)
      listener.status = 'Configuring'
      const about = { apiName: 'DeleteListener', operateType: 'Delete' } as const
      return changeListener(state, listener, about, undefined)
    },
  }
}

/** @param after The state it is in then; undefined where it is gone */
function changeListener(
  state: AlbState,
  listener: Listener,
  about: { apiName: string; operateType: 'Create' | 'Update' | 'Delete' },
  after: Listener['status'] | undefined,
): { JobId: string } {
  const { id: resourceId, region } = listener
  const job = beginJob(
    state,
    { ...about, region, resourceId, resourceType: 'listener' },
    state.compute.pace.listenerMs,
    () => {
      if (after) listener.status = after
      else state.listeners.remove(listener.id)
      const balancer = state.loadBalancers.get(listener.loadBalancerId)
      if (balancer) tellHardware(state, balancer)
    },
  )
  return { JobId: job.id }
}
