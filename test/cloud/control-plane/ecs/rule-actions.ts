import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { recordsOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { requireGroup } from './lookup.ts'
import { rerouteMembers } from './public-routes.ts'
import { refuse } from './refusals.ts'
import { parseRule, RULE_FIELDS } from './rule-parameters.ts'
import { describeRule, isSameRule } from './security-group-rule.ts'

/** Rules of one security group. */
const QUOTA = 200

/** Returns the actions on the rules of security groups: inbound ones. */
export function ruleActions(state: ComputeState): Actions {
  return {
    DescribeSecurityGroupAttribute: {
      parameters: ['RegionId', 'SecurityGroupId', 'Direction?', 'NicType?'],
      handle(call) {
        const { Direction = 'all', NicType = 'intranet' } = call.parameters
        const group = requireGroup(state, call)
        if (!['all', 'ingress', 'egress'].includes(Direction)) throw refuse('InvalidParamter')
        // The provider sends the text `<nil>` for a rule whose nicType is not set.
        if (NicType !== 'intranet' && NicType !== 'internet') {
          throw refuse('InvalidNicType.ValueNotSupported')
        }
        const rules = group.rules
          .filter(() => Direction !== 'egress')
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
    },
    /** Adds rules; one that exists already is not added again, and that is no error. */
    AuthorizeSecurityGroup: {
      parameters: [
        'RegionId',
        'SecurityGroupId',
        'ClientToken?',
        ...RULE_FIELDS.map((field) => `Permissions.N.${field}?`),
      ],
      handle(call) {
        const group = requireGroup(state, call)
        const records = recordsOf(call.parameters, 'Permissions')
        if (records.length === 0) throw refuse('MissingParameter')
        if (records.length > 100) throw refuse('InvalidParamter')
        const wanted = records
          .map((record) => parseRule(state, group, record))
          .filter((rule) => !group.rules.some((known) => isSameRule(known, rule)))
        if (group.rules.length + wanted.length > QUOTA) throw refuse('AuthorizationLimitExceed')
        for (const rule of wanted) {
          group.rules.push({ ...rule, id: newResourceId('sgr', group.region), createdAt: call.now })
        }
        rerouteMembers(state, [group])
        return {}
      },
    },
    /** Removes the rule that the fields describe; one that does not exist is no error. */
    RevokeSecurityGroup: {
      parameters: [
        'RegionId',
        'SecurityGroupId',
        'ClientToken?',
        ...RULE_FIELDS.map((field) => `${field}?`),
      ],
      handle(call) {
        const group = requireGroup(state, call)
        const wanted = parseRule(state, group, call.parameters)
        const index = group.rules.findIndex((known) => isSameRule(known, wanted))
        if (index >= 0) group.rules.splice(index, 1)
        rerouteMembers(state, [group])
        return {}
      },
    },
  }
}
