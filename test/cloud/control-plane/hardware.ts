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
  route(
    eip: string,
    target: { instanceId: string; rules: readonly IngressRule[] } | undefined,
  ): Promise<void>
}
