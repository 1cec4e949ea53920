import type { ResourceTags } from '../resource-tags.ts'
import { vpcTags } from '../resource-tags.ts'

/** Key and certificates, in PEM. */
export interface ListenerCertificate {
  key: string
  cert: string
}

/** Headers about the client that servers get. Source: "CreateListener", ALB API reference. */
export interface ForwardedHeaders {
  /** X-Forwarded-For. @default true */
  for: boolean
  /** X-Forwarded-Proto. @default false */
  proto: boolean
  /** SLB-ID. @default false */
  balancerId: boolean
  /** X-Forwarded-Port. @default false */
  port: boolean
  /** X-Forwarded-Client-srcport. @default false */
  clientPort: boolean
  /** X-Forwarded-Host. @default false */
  host: boolean
  /** What happens to the client's X-Forwarded-For. @default 'append' */
  mode: 'append' | 'remove'
}

/** A port on which a load balancer listens. */
export interface Listener {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly loadBalancerId: string
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly port: number
  readonly tags: ResourceTags
  serverGroupIds: string[]
  status: 'Provisioning' | 'Running' | 'Configuring' | 'Stopped'
  description: string
  idleTimeoutSeconds: number
  requestTimeoutSeconds: number
  gzip: boolean
  http2: boolean
  certificateIds: string[]
  /** Of HTTPS; empty otherwise. */
  securityPolicyId: string
  forwarded: ForwardedHeaders
}

/** Names of the parameters and of their fields in answers. */
export const FORWARDED = {
  for: 'XForwardedForEnabled',
  proto: 'XForwardedForProtoEnabled',
  balancerId: 'XForwardedForSLBIdEnabled',
  port: 'XForwardedForSLBPortEnabled',
  clientPort: 'XForwardedForClientSrcPortEnabled',
  host: 'XForwardedForHostEnabled',
} as const satisfies Partial<Record<keyof ForwardedHeaders, string>>

function describeForwarded(forwarded: ForwardedHeaders): object {
  const names = Object.entries(FORWARDED) as [keyof typeof FORWARDED, string][]
  return {
    ...Object.fromEntries(names.map(([key, name]) => [name, forwarded[key]])),
    XForwardedForProcessingMode: forwarded.mode,
    XForwardedForClientSourceIpsEnabled: false,
    XForwardedForClientSourceIpsTrusted: '',
    XForwardedForClientCertClientVerifyAlias: '',
    XForwardedForClientCertClientVerifyEnabled: false,
    XForwardedForClientCertFingerprintAlias: '',
    XForwardedForClientCertFingerprintEnabled: false,
    XForwardedForClientCertIssuerDNAlias: '',
    XForwardedForClientCertIssuerDNEnabled: false,
    XForwardedForClientCertSubjectDNAlias: '',
    XForwardedForClientCertSubjectDNEnabled: false,
  }
}

/** Returns the answer of GetListenerAttribute, and an item of ListListeners. */
export function describeListener(listener: Listener): object {
  return {
    ListenerId: listener.id,
    ListenerPort: listener.port,
    ListenerProtocol: listener.protocol,
    ListenerStatus: listener.status,
    ListenerDescription: listener.description,
    LoadBalancerId: listener.loadBalancerId,
    IdleTimeout: listener.idleTimeoutSeconds,
    RequestTimeout: listener.requestTimeoutSeconds,
    GzipEnabled: listener.gzip,
    Http2Enabled: listener.http2,
    CaEnabled: false,
    CaCertificates: [],
    Certificates: listener.certificateIds.map((id) => ({ CertificateId: id })),
    SecurityPolicyId: listener.securityPolicyId,
    ServiceManagedEnabled: false,
    ServiceManagedMode: '',
    AclConfig: {},
    AssociatedResources: [],
    LogConfig: { AccessLogRecordCustomizedHeadersEnabled: false, AccessLogTracingConfig: {} },
    QuicConfig: { QuicListenerId: '', QuicUpgradeEnabled: false },
    XForwardedForConfig: describeForwarded(listener.forwarded),
    DefaultActions: [
      {
        Type: 'ForwardGroup',
        ForwardGroupConfig: {
          ServerGroupTuples: listener.serverGroupIds.map((id) => ({
            ServerGroupId: id,
            Weight: 100,
          })),
        },
      },
    ],
    Tags: vpcTags(listener.tags).Tag,
  }
}
