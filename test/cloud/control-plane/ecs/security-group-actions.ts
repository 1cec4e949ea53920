import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { jsonList, wholeNumber } from '../parameter-values.ts'
import { parseTags } from '../resource-tags.ts'
import { requireGroup, requireRegion } from './lookup.ts'
import { refuse } from './refusals.ts'
import { describeSecurityGroup, newSecurityGroup, type SecurityGroup } from './security-group.ts'

/** Security groups of an account in one region. */
const QUOTA = 100

function memberCount(state: ComputeState, group: SecurityGroup): number {
  return state.interfaces
    .all()
    .filter(({ securityGroupIds }) => securityGroupIds.includes(group.id)).length
}

function checkName(name: string | undefined): string {
  if (name === undefined) return ''
  if (!/^\p{L}[\p{L}\p{N}:_.-]{1,127}$/u.test(name) || /^https?:\/\//.test(name)) {
    throw refuse('InvalidSecurityGroupName.Malformed')
  }
  return name
}

function checkDescription(text: string | undefined): string {
  if (text === undefined || text === '') return ''
  if (text.length < 2 || text.length > 256 || /^https?:\/\//.test(text)) {
    throw refuse('InvalidSecurityGroupDiscription.Malformed')
  }
  return text
}

/** Makes a security group in a VPC. */
export function createSecurityGroup(state: ComputeState): Action {
  return {
    permission: 'ecs:CreateSecurityGroup',
    parameters: {
      RegionId: 'required',
      ClientToken: 'optional',
      VpcId: 'required',
      SecurityGroupName: 'optional',
      SecurityGroupType: 'optional',
      Description: 'optional',
      'Tag.N.Key': 'optional',
      'Tag.N.Value': 'optional',
    },
    handle(call) {
      const { parameters } = call
      const region = requireRegion(state, call)
      const vpc = state.vpcs.find(parameters.VpcId, region)
      if (!vpc) throw refuse('InvalidVpcId.NotFound')
      const type = parameters.SecurityGroupType ?? 'normal'
      if (type !== 'normal' && type !== 'enterprise') {
        throw refuse(
          'InvalidParameter',
          'The specified parameter "SecurityGroupType" is not valid.',
        )
      }
      if (vpc.status !== 'Available') throw refuse('IncorrectVpcStatus')
      if (state.securityGroups.in(region).length >= QUOTA) throw refuse('QuotaExceed.SecurityGroup')
      const group = newSecurityGroup({
        region,
        createdAt: call.now,
        vpcId: vpc.id,
        type,
        name: checkName(parameters.SecurityGroupName),
        description: checkDescription(parameters.Description),
        tags: parseTags(parameters),
      })
      state.securityGroups.add(group)
      return { SecurityGroupId: group.id }
    },
  }
}

/** Lists security groups; an empty list where none is found. */
export function describeSecurityGroups(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeSecurityGroups',
    parameters: {
      RegionId: 'required',
      SecurityGroupId: 'optional',
      SecurityGroupIds: 'optional',
      SecurityGroupName: 'optional',
      VpcId: 'optional',
      PageNumber: 'optional',
      PageSize: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const pageNumber = wholeNumber(parameters.PageNumber ?? '1') ?? 0
      const pageSize = wholeNumber(parameters.PageSize ?? '10') ?? 0
      if (pageNumber < 1 || pageSize < 1 || pageSize > 100) throw refuse('InvalidParameter')
      const ids = parameters.SecurityGroupIds && jsonList(parameters.SecurityGroupIds)
      if (parameters.SecurityGroupIds && !ids) throw refuse('InvalidParameter')
      const wanted = (name: string, value: string) =>
        parameters[name] === undefined || parameters[name] === value
      const found = state.securityGroups
        .in(requireRegion(state, call))
        .filter((group) => wanted('SecurityGroupId', group.id))
        .filter((group) => !ids || ids.includes(group.id))
        .filter((group) => wanted('SecurityGroupName', group.name))
        .filter((group) => wanted('VpcId', group.vpcId))
      const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      return {
        RegionId: call.region,
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: found.length,
        SecurityGroups: {
          SecurityGroup: page.map((group) =>
            describeSecurityGroup(group, memberCount(state, group)),
          ),
        },
      }
    },
  }
}

/** Deletes a security group that has no members and that no other group's rule names. */
export function deleteSecurityGroup(state: ComputeState): Action {
  return {
    permission: 'ecs:DeleteSecurityGroup',
    parameters: { RegionId: 'required', SecurityGroupId: 'required' },
    handle(call) {
      const group = requireGroup(state, call)
      if (memberCount(state, group) > 0) throw refuse('DependencyViolation')
      const named = state.securityGroups
        .all()
        .filter((other) => other !== group)
        .flatMap((other) => other.rules)
        .some(({ peer }) => peer.kind === 'group' && peer.groupId === group.id)
      if (named) {
        throw refuse(
          'DependencyViolation',
          'The specified security group has been authorized in another one.',
        )
      }
      state.securityGroups.remove(group.id)
      return {}
    },
  }
}
