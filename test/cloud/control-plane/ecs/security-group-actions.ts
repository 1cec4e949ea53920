import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { jsonList } from '../parameter-values.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import { requireGroup } from './lookup.ts'
import { pages } from './parameters.ts'
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

/** Returns the actions on security groups but those on their rules. */
export function securityGroupActions(state: ComputeState): Actions {
  return {
    CreateSecurityGroup: {
      parameters: [
        'RegionId',
        'ClientToken?',
        'VpcId',
        'SecurityGroupName?',
        'SecurityGroupType?',
        'Description?',
        ...TAG_PARAMETERS,
      ],
      handle(call) {
        const { parameters, region } = call
        const vpc = state.vpcs.require(parameters.VpcId, refuse('InvalidVpcId.NotFound'))
        const type = parameters.SecurityGroupType ?? 'normal'
        if (type !== 'normal' && type !== 'enterprise') {
          throw refuse(
            'InvalidParameter',
            'The specified parameter "SecurityGroupType" is not valid.',
          )
        }
        if (vpc.status !== 'Available') throw refuse('IncorrectVpcStatus')
        if (state.securityGroups.all().length >= QUOTA) throw refuse('QuotaExceed.SecurityGroup')
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
    },
    DescribeSecurityGroups: listAction({
      parameters: ['RegionId', 'SecurityGroupIds?'],
      all({ parameters: { SecurityGroupIds } }) {
        const ids = SecurityGroupIds && jsonList(SecurityGroupIds)
        if (SecurityGroupIds && !ids) throw refuse('InvalidParameter')
        return state.securityGroups.all().filter(({ id }) => !ids || ids.includes(id))
      },
      filters: {
        SecurityGroupId: ({ id }) => id,
        SecurityGroupName: ({ name }) => name,
        VpcId: ({ vpcId }) => vpcId,
      },
      paging: pages,
      answer: (groups) => ({
        RegionId: state.region,
        SecurityGroups: {
          SecurityGroup: groups.map((group) =>
            describeSecurityGroup(group, memberCount(state, group)),
          ),
        },
      }),
    }),
    /** Deletes a security group that has no members and that no other group's rule names. */
    DeleteSecurityGroup: {
      parameters: ['RegionId', 'SecurityGroupId'],
      handle(call) {
        const group = requireGroup(state, call)
        if (memberCount(state, group) > 0) throw refuse('DependencyViolation')
        const named = state.securityGroups
          .all()
          .filter((other) => other !== group)
          .flatMap((other) => other.rules)
          .some(({ source }) => source.kind === 'group' && source.groupId === group.id)
        if (named) {
          throw refuse(
            'DependencyViolation',
            'The specified security group has been authorized in another one.',
          )
        }
        state.securityGroups.remove(group.id)
        return {}
      },
    },
  }
}
