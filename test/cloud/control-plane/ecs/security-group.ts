import { newResourceId } from '../resource-id.ts'
import { ecsTags, type ResourceTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'

/** A firewall around the network interfaces that are in it. */
export interface SecurityGroup {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly vpcId: string
  readonly type: 'normal' | 'enterprise'
  readonly tags: ResourceTags
  readonly rules: SecurityGroupRule[]
  name: string
  description: string
  /** Whether its members reach each other. */
  innerAccessPolicy: 'Accept' | 'Drop'
}

/** Returns a group without rules: it accepts packets from its members alone. */
export function newSecurityGroup(
  wanted: Omit<SecurityGroup, 'id' | 'rules' | 'innerAccessPolicy'>,
): SecurityGroup {
  return {
    ...wanted,
    id: newResourceId('sg', wanted.region),
    rules: [],
    innerAccessPolicy: wanted.type === 'normal' ? 'Accept' : 'Drop',
  }
}

/** Returns an item of DescribeSecurityGroups. */
export function describeSecurityGroup(group: SecurityGroup, memberCount: number): object {
  return {
    SecurityGroupId: group.id,
    SecurityGroupName: group.name,
    SecurityGroupType: group.type,
    Description: group.description,
    VpcId: group.vpcId,
    CreationTime: secondText(group.createdAt),
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    ServiceManaged: false,
    EcsCount: memberCount,
    RuleCount: group.rules.length,
    Tags: ecsTags(group.tags),
  }
}
