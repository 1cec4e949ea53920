import type { ActionCall, ActionParameters } from '../action.ts'
import { recordsOf } from '../parameter-values.ts'
import type { AlbState } from './alb-state.ts'
import { FORWARDED, type ForwardedHeaders, type Listener } from './listener.ts'
import { refuse } from './refusals.ts'
import { flag, numberBetween, oneOf } from './values.ts'

/** Source: "TLS security policies", ALB documentation. */
const USUAL_POLICY = 'tls_cipher_policy_1_0'
const POLICIES = [
  'tls_cipher_policy_1_0',
  'tls_cipher_policy_1_1',
  'tls_cipher_policy_1_2',
  'tls_cipher_policy_1_2_strict',
  'tls_cipher_policy_1_2_strict_with_1_3',
] as const

const CLIENT_CERTIFICATE_HEADERS = [
  'XForwardedForClientCertClientVerify',
  'XForwardedForClientCertFingerprint',
  'XForwardedForClientCertIssuerDN',
  'XForwardedForClientCertSubjectDN',
].flatMap((name) => [`${name}Alias`, `${name}Enabled`])

/** Parameters of listeners, except the type of the default action. */
export const LISTENER_SETTINGS = [
  'ClientToken',
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
  'DefaultActions.N.ForwardGroupConfig.ServerGroupTuples.N.ServerGroupId',
  'DefaultActions.N.ForwardGroupConfig.ServerGroupTuples.N.Weight',
  ...[
    ...Object.values(FORWARDED),
    ...CLIENT_CERTIFICATE_HEADERS,
    'XForwardedForProcessingMode',
    'XForwardedForClientSourceIpsEnabled',
    'XForwardedForClientSourceIpsTrusted',
  ].map((name) => `XForwardedForConfig.${name}`),
].map((name) => `${name}?`)

function parseForwarded(parameters: ActionParameters, before?: ForwardedHeaders): ForwardedHeaders {
  const truth = (name: string, usual: boolean) =>
    flag(parameters, `XForwardedForConfig.${name}`, usual)
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

/**
 * Reads the server group that requests go to.
 *
 * @throws ActionError
 */
export function parseGroups(state: AlbState, call: ActionCall): string[] {
  const actions = recordsOf(call.parameters, 'DefaultActions')
  const [action] = actions
  if (actions.length !== 1 || !action) throw refuse('IllegalParamSize', 'DefaultActions')
  if (action.Type !== 'ForwardGroup') throw refuse('IllegalParam', 'DefaultActions.Type')
  const name = 'ForwardGroupConfig.ServerGroupTuples'
  const ids = Object.entries(action).flatMap(([key, value]) =>
    key.startsWith(name) && key.endsWith('.ServerGroupId') ? [value] : [],
  )
  // Several weighted groups are not simulated.
  if (ids.length !== 1) throw refuse('IllegalParamSize', 'ServerGroupTuples')
  for (const id of ids) {
    const group = state.serverGroups.get(id)
    if (!group) throw refuse('ResourceNotFound', 'ServerGroup')
    if (group.status === 'Creating') throw refuse('IncorrectStatus', 'ServerGroup')
  }
  return ids
}

/**
 * Reads the certificate of an HTTPS listener, which has to exist; none for HTTP.
 *
 * @throws ActionError
 */
export function parseCertificates(
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

/** The settings of a listener that can change. */
export type ListenerSettings = Pick<
  Listener,
  | 'description'
  | 'idleTimeoutSeconds'
  | 'requestTimeoutSeconds'
  | 'gzip'
  | 'http2'
  | 'securityPolicyId'
  | 'forwarded'
>

/**
 * Reads the settings of a listener. Bounds and defaults: "CreateListener", ALB API reference.
 *
 * @param before Values of parameters that are absent. @default the service's defaults
 * @throws ActionError
 */
export function parseListenerSettings(
  parameters: ActionParameters,
  protocol: Listener['protocol'],
  before?: Listener,
): ListenerSettings {
  if (flag(parameters, 'CaEnabled', false)) throw refuse('IllegalParam', 'CaEnabled')
  if (flag(parameters, 'QuicConfig.QuicUpgradeEnabled', false)) {
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
    gzip: flag(parameters, 'GzipEnabled', before?.gzip ?? true),
    http2: flag(parameters, 'Http2Enabled', before?.http2 ?? secure),
    securityPolicyId: secure ? oneOf(parameters, 'SecurityPolicyId', POLICIES, policy) : '',
    forwarded: parseForwarded(parameters, before?.forwarded),
  }
}
