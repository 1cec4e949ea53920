import type { MachineDescription } from 'simulated-cloud'
import { NAME_SERVERS } from './nftables-rules.ts'
import type { AddressPlan } from './virtual-switch.ts'

/** Credentials of an instance's role. */
export interface RoleCredentials {
  roleName: string
  /** As the metadata service serves it, in JSON. */
  document: object
}

/** A folder of the metadata, or the content of a file in it. */
export type MetadataNode = string | { readonly [name: string]: MetadataNode }

/** Everything that an instance's metadata depends on. */
export interface MetadataSource {
  machine: MachineDescription
  serialNumber: string
  accountId: string
  plan: AddressPlan
  /** Bound to the instance. */
  eip: string | undefined
  /** undefined while no role is attached */
  credentials: RoleCredentials | undefined
}

/**
 * Returns `meta-data/` of an instance.
 * Source: "ECS instance metadata", Alibaba Cloud documentation.
 */
export function metadataTree(source: MetadataSource): MetadataNode {
  const { machine, serialNumber, accountId, plan, eip, credentials } = source
  const cidr = `${plan.network}/${plan.prefix}`
  return {
    'dns-conf': { nameservers: NAME_SERVERS.join('\n') },
    ...(eip === undefined ? {} : { eipv4: eip }),
    hostname: machine.hostName,
    'image-id': machine.imageId,
    'instance-id': machine.instanceId,
    instance: { 'instance-name': machine.hostName, 'instance-type': machine.instanceType },
    mac: machine.mac,
    'network-type': 'vpc',
    network: {
      interfaces: {
        macs: {
          [machine.mac]: {
            gateway: plan.router,
            netmask: plan.netmask,
            'network-interface-id': `eni-${machine.instanceId.slice(2)}`,
            'primary-ip-address': machine.privateIp,
            'private-ipv4s': JSON.stringify([machine.privateIp]),
            'vpc-id': machine.vpcId,
            'vswitch-cidr-block': cidr,
            'vswitch-id': machine.vSwitchId,
          },
        },
      },
    },
    'owner-account-id': accountId,
    'private-ipv4': machine.privateIp,
    'region-id': machine.region,
    'serial-number': serialNumber,
    'vpc-id': machine.vpcId,
    'vswitch-cidr-block': cidr,
    'vswitch-id': machine.vSwitchId,
    'zone-id': machine.zoneId,
    ...(credentials
      ? {
          ram: {
            'security-credentials': {
              [credentials.roleName]: JSON.stringify(credentials.document),
            },
          },
        }
      : {}),
  }
}

/** Returns `dynamic/instance-identity/document`. */
export function identityDocument(source: MetadataSource): string {
  const { machine, serialNumber, accountId } = source
  return JSON.stringify({
    'zone-id': machine.zoneId,
    'serial-number': serialNumber,
    'instance-id': machine.instanceId,
    'region-id': machine.region,
    'private-ipv4': machine.privateIp,
    'owner-account-id': accountId,
    mac: machine.mac,
    'image-id': machine.imageId,
    'instance-type': machine.instanceType,
  })
}

/** Returns the content of a path in `meta-data/`: a file, or the names in a folder. */
export function readMetadata(tree: MetadataNode, path: readonly string[]): string | undefined {
  let node: MetadataNode | undefined = tree
  for (const name of path) {
    if (typeof node !== 'object' || !Object.hasOwn(node, name)) return undefined
    node = node[name]
  }
  if (node === undefined || typeof node === 'string') return node
  return Object.entries(node)
    .map(([name, child]) => (typeof child === 'string' ? name : `${name}/`))
    .join('\n')
}
