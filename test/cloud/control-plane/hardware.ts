/** What a machine is told of itself when it is powered on. */
export interface MachineDescription {
  instanceId: string
  region: string
  zoneId: string
  imageId: string
  instanceType: string
  hostName: string
  /** In the vSwitch. */
  privateIp: string
  /** `00:16:3e:…` */
  mac: string
  vpcId: string
  vSwitchId: string
  securityGroupIds: readonly string[]
  /** As cloud-init gets it: decoded. */
  userData: string
}

/** An inbound packet as the security groups let it pass. */
export interface IngressRule {
  protocol: 'tcp' | 'udp' | 'icmp' | 'all'
  /** Inclusive; -1 to -1 for protocols without ports. */
  ports: readonly [from: number, to: number]
  /** CIDR. */
  source: string
  accept: boolean
  /** 1 is looked at first. */
  priority: number
}

/** The instance that a public address leads to, and what its security groups let in. */
export interface PublicRoute {
  instanceId: string
  rules: readonly IngressRule[]
}

/**
 * What stands behind an ECS instance: a stand-in for its page, or a machine that boots. The control
 * plane calls these in order for one instance and awaits each.
 */
export interface Hardware {
  /** Powers the machine on, at RunInstances and StartInstance. */
  start(machine: MachineDescription): Promise<void>
  /** Powers it off; its disk stays. */
  stop(instanceId: string): Promise<void>
  /** Takes machine and disk away. */
  remove(instanceId: string): Promise<void>
  /** Which address reaches which instance, and through which rules; called at every change. */
  route(eip: string, target: PublicRoute | undefined): Promise<void>
  /** Checks a server. @default it passes when its instance runs and its security groups let it in */
  probe?(probe: Probe): Promise<ProbeResult>
  /** What a load balancer does at its addresses; called at every change. @default nothing listens */
  balance?(plan: BalancerPlan): Promise<void>
}

/** A server behind a load balancer, as a connection from there gets to it. */
export interface BackendTarget {
  instanceId: string
  privateIp: string
  port: number
  /** The load balancer's own address in the VPC, which the connection comes from. */
  source: string
  /** What the security groups of the instance let in. */
  rules: readonly IngressRule[]
}

/** One health check of a server. */
export interface Probe extends BackendTarget {
  protocol: 'HTTP' | 'TCP'
  method: 'GET' | 'HEAD'
  path: string
  /** Host header. */
  host: string
  timeoutMs: number
}

/** What came of a health check: a status (0 for TCP), or why there was none. */
export type ProbeResult =
  | { status: number }
  | {
      reason:
        | 'CONNECT_TIMEOUT'
        | 'CONNECT_FAILED'
        | 'RECV_RESPONSE_TIMEOUT'
        | 'RECV_RESPONSE_FAILED'
    }

/** A server that a request was given to. */
export interface Choice {
  target: BackendTarget
  /** Aborted when the server is gone and its time to drain is over. */
  signal: AbortSignal
  /** The request is over. */
  done(): void
}

/** A port of a load balancer. */
export interface BalancerPort {
  port: number
  /** Key and certificates in PEM, for HTTPS. */
  certificate: { key: string; cert: string } | undefined
  idleTimeoutMs: number
  requestTimeoutMs: number
  /**
   * A server for a request that came in at one of the addresses.
   *
   * @returns undefined where there is none
   */
  choose(address: string): Choice | undefined
  /** What the server is told of the client. Names are in lower case; undefined takes one away. */
  headers(client: {
    address: string
    port: number
    host: string
    forwardedFor: string | undefined
  }): Record<string, string | undefined>
}

/** A load balancer as it is to be from now on. */
export interface BalancerPlan {
  loadBalancerId: string
  dnsName: string
  /** Public ones. */
  addresses: readonly string[]
  /** None: it is gone, or listens nowhere. */
  ports: readonly BalancerPort[]
}
