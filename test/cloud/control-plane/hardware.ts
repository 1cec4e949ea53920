/** What a machine gets when it is powered on. */
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

/** An inbound rule of a security group. */
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
 * Runs instances and load balancers: a fake page, or machines that boot. The control
 * plane calls these in order for one instance and awaits each.
 */
export interface Hardware {
  /** Powers the machine on, at RunInstances and StartInstance. */
  start(machine: MachineDescription): Promise<void>
  /** Powers it off; its disk stays. */
  stop(instanceId: string): Promise<void>
  /** Removes machine and disk. */
  remove(instanceId: string): Promise<void>
  /** Routes a public address to an instance through rules; called at every change. */
  route(eip: string, target: PublicRoute | undefined): Promise<void>
  /** Returns what the machine has printed at its console. @default nothing */
  consoleOutput?(instanceId: string): Promise<string>
  /** Runs a health check. @default it passes when the instance runs and its rules accept the source */
  probe?(probe: Probe): Promise<ProbeResult>
  /** Applies what a load balancer does; called at every change. @default nothing listens */
  balance?(plan: BalancerPlan): Promise<void>
}

/** A server behind a load balancer. */
export interface BackendTarget {
  instanceId: string
  privateIp: string
  port: number
  /** The load balancer's own address in the VPC, which the connection comes from. */
  source: string
  /** Rules of the instance's security groups. */
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

/** Result of a health check: a status (0 for TCP), or the reason why there is none. */
export type ProbeResult =
  | { status: number }
  | {
      reason:
        | 'CONNECT_TIMEOUT'
        | 'CONNECT_FAILED'
        | 'RECV_RESPONSE_TIMEOUT'
        | 'RECV_RESPONSE_FAILED'
    }

/** The server for one request. */
export interface Choice {
  target: BackendTarget
  /** Aborted when the server is removed and draining has ended. */
  signal: AbortSignal
  /** Call it at the end of the request. */
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
   * Chooses a server for a request to one of the addresses.
   *
   * @returns Undefined where there is none
   */
  choose(address: string): Choice | undefined
  /** Returns headers about the client, names in lower case; undefined removes one. */
  headers(client: {
    address: string
    port: number
    host: string
    forwardedFor: string | undefined
  }): Record<string, string | undefined>
}

/** What a load balancer does. */
export interface BalancerPlan {
  loadBalancerId: string
  dnsName: string
  /** Public ones. */
  addresses: readonly string[]
  /** Empty for one that is deleted or has no listeners. */
  ports: readonly BalancerPort[]
}
