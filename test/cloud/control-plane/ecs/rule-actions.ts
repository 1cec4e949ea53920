import type { Action, ParameterNeed } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { recordsOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { requireGroup } from './lookup.ts'
import { rerouteMembers } from './public-routes.ts'
import { refuse } from './refusals.ts'
import { parseRule, ruleFieldNames } from './rule-parameters.ts'
import { type Direction, describeRule, isSameRule } from './security-group-rule.ts'

/** Rules of one security group. */
const QUOTA = 200

function optional(names: readonly string[]): Record<string, ParameterNeed> {
  return Object.fromEntries(names.map((name) => [name, 'optional']))
}

/** Shows a group's rules; 404 for a group that is not there. */
export function describeSecurityGroupAttribute(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeSecurityGroupAttribute',
    parameters: {
      RegionId: 'required',
      SecurityGroupId: 'required',
      Direction: 'optional',
      NicType: 'optional',
    },
    handle(call) {
      const { Direction = 'all', NicType = 'intranet' } = call.parameters
      const group = requireGroup(state, call)
      if (!['all', 'ingress', 'egress'].includes(Direction)) throw refuse('InvalidParamter')
      // The provider sends the text `<nil>` for a rule whose nicType is not set.
      if (NicType !== 'intranet' && NicType !== 'internet') {
        throw refuse('InvalidNicType.ValueNotSupported')
      }
      const rules = group.rules
        .filter((rule) => Direction === 'all' || rule.direction === Direction)
        .toSorted((a, b) => b.createdAt - a.createdAt)
      return {
        RegionId: group.region,
        SecurityGroupId: group.id,
        SecurityGroupName: group.name,
        Description: group.description,
        VpcId: group.vpcId,
        InnerAccessPolicy: group.innerAccessPolicy,
        Permissions: { Permission: rules.map(describeRule) },
      }
    },
  }
}

/** Adds rules; one that is there already is not added twice, and that is no error. */
export function authorizeRules(state: ComputeState, direction: Direction): Action {
  const name = direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress'
  const fields = ruleFieldNames(direction).map((field) => `Permissions.N.${field}`)
  return {
    permission: `ecs:${name}`,
    parameters: {
      RegionId: 'required',
      SecurityGroupId: 'required',
      ClientToken: 'optional',
      ...optional(fields),
    },
    handle(call) {
      const group = requireGroup(state, call)
      const records = recordsOf(call.parameters, 'Permissions')
      if (records.length === 0) throw refuse('MissingParameter')
      if (records.length > 100) throw refuse('InvalidParamter')
      const wanted = records
        .map((record) => parseRule(state, group, direction, record))
        .filter((rule) => !group.rules.some((known) => isSameRule(known, rule)))
      if (group.rules.length + wanted.length > QUOTA) throw refuse('AuthorizationLimitExceed')
      for (const rule of wanted) {
        group.rules.push({ ...rule, id: newResourceId('sgr', group.region), createdAt: call.now })
      }
      rerouteMembers(state, [group])
      return {}
    },
  }
}

/** Takes away the rule that the fields name; one that is not there is no error. */
export function revokeRule(state: ComputeState, direction: Direction): Action {
  const name = direction === 'ingress' ? 'RevokeSecurityGroup' : 'RevokeSecurityGroupEgress'
  return {
    permission: `ecs:${name}`,
    parameters: {
      RegionId: 'required',
      SecurityGroupId: 'required',
      ClientToken: 'optional',
      ...optional(ruleFieldNames(direction)),
    },
    handle(call) {
      const group = requireGroup(state, call)
      const wanted = parseRule(state, group, direction, call.parameters)
      const index = group.rules.findIndex((known) => isSameRule(known, wanted))
      if (index >= 0) group.rules.splice(index, 1)
      rerouteMembers(state, [group])
      return {}
    },
  }
}
