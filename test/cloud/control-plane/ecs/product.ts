import type { Product } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { describeAvailableResource } from './availability-actions.ts'
import { describeInstances } from './describe-instances.ts'
import { describeImages } from './image-actions.ts'
import {
  modifyInstanceAttribute,
  modifyInstanceMetadataOptions,
  modifyInstanceSpec,
} from './instance-actions.ts'
import {
  describeDisks,
  describeInstanceAttachmentAttributes,
  describeInstanceAttribute,
  describeInstanceMaintenanceAttributes,
  describeNetworkInterfaces,
  describeUserData,
} from './instance-details.ts'
import {
  describeImageSupportInstanceTypes,
  describeInstanceTypes,
} from './instance-type-actions.ts'
import { deleteInstance, startInstance, stopInstance } from './power-actions.ts'
import {
  attachInstanceRamRole,
  describeInstanceRamRole,
  detachInstanceRamRole,
} from './role-actions.ts'
import { authorizeRules, describeSecurityGroupAttribute, revokeRule } from './rule-actions.ts'
import { runInstances } from './run-instances.ts'
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroups,
} from './security-group-actions.ts'
import { describeTags, tagEcsResources, untagEcsResources } from './tag-actions.ts'

/** The ECS API, 2014-05-26: instances, security groups, what is on sale, and tags. */
export function ecsProduct(state: ComputeState): Product {
  const { tokens } = state
  return {
    code: 'ecs',
    version: '2014-05-26',
    actions: {
      DescribeAvailableResource: describeAvailableResource(state),
      DescribeInstanceTypes: describeInstanceTypes(state),
      DescribeImageSupportInstanceTypes: describeImageSupportInstanceTypes(state),
      DescribeImages: describeImages(state),
      DescribeTags: describeTags(state),
      CreateSecurityGroup: tokens.idempotent('CreateSecurityGroup', createSecurityGroup(state)),
      DescribeSecurityGroups: describeSecurityGroups(state),
      DescribeSecurityGroupAttribute: describeSecurityGroupAttribute(state),
      DeleteSecurityGroup: deleteSecurityGroup(state),
      AuthorizeSecurityGroup: authorizeRules(state, 'ingress'),
      RevokeSecurityGroup: revokeRule(state, 'ingress'),
      RunInstances: tokens.idempotent('RunInstances', runInstances(state)),
      DescribeInstances: describeInstances(state),
      DescribeInstanceAttribute: describeInstanceAttribute(state),
      DescribeInstanceAttachmentAttributes: describeInstanceAttachmentAttributes(state),
      DescribeInstanceMaintenanceAttributes: describeInstanceMaintenanceAttributes(state),
      DescribeUserData: describeUserData(state),
      DescribeDisks: describeDisks(state),
      DescribeNetworkInterfaces: describeNetworkInterfaces(state),
      ModifyInstanceAttribute: modifyInstanceAttribute(state),
      ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions(state),
      ModifyInstanceSpec: modifyInstanceSpec(state),
      StartInstance: startInstance(state),
      StopInstance: stopInstance(state),
      DeleteInstance: deleteInstance(state),
      AttachInstanceRamRole: attachInstanceRamRole(state),
      DetachInstanceRamRole: detachInstanceRamRole(state),
      DescribeInstanceRamRole: describeInstanceRamRole(state),
      TagResources: tagEcsResources(state),
      UntagResources: untagEcsResources(state),
    },
  }
}
