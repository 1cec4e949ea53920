/** A strict simulation of the Alibaba Cloud APIs that the stack calls. */
export { servesHost } from './alb/load-balancer.ts'
export {
  CertificateAuthority,
  type ServerCertificate,
} from './certificates/certificate-authority.ts'
export type { RequestOrigin } from './gateway/host-router.ts'
export { admits, type Web, type Wire } from './gateway/public-web.ts'
export { signRpc, stringToSign } from './gateway/rpc-signature.ts'
export type {
  BackendTarget,
  BalancerPlan,
  BalancerPort,
  Choice,
  Hardware,
  IngressRule,
  MachineDescription,
  Probe,
  ProbeResult,
} from './hardware.ts'
export {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from './simulated-cloud.ts'
export { OidcIssuer } from './sts/oidc-issuer.ts'
export { oidcProviderArn } from './sts/oidc-provider.ts'
