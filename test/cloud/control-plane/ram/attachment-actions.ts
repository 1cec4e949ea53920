import type { ActionCall, ActionParameters, Actions } from '../action.ts'
import { secondText } from '../time-text.ts'
import type { Attachment, RamRole, RamUser } from './entities.ts'
import { defaultVersion, requirePolicy } from './policy-actions.ts'
import type { RamDirectory } from './ram-directory.ts'
import { alreadyExists, limitExceeded, notExist } from './ram-errors.ts'
import { ofRole, requireRole } from './role-actions.ts'
import { checkLag, ofUser, requireUser } from './user-actions.ts'

/** Policies of each type that one user or role may have. */
const ATTACHMENTS = 20

/** Returns the actions that attach policies. Source: "Policy management", RAM 2015-05-01. */
export function attachmentActions(directory: RamDirectory): Actions {
  return {
    ...actionsFor('User', ofUser, directory, ({ UserName }) => requireUser(directory, UserName)),
    ...actionsFor('Role', ofRole, directory, ({ RoleName }) => requireRole(directory, RoleName)),
  }
}

function actionsFor(
  entity: 'User' | 'Role',
  resources: (parameters: ActionParameters) => string[],
  directory: RamDirectory,
  holder: (parameters: ActionParameters) => RamUser | RamRole,
): Actions {
  const name = `${entity}Name`
  const parameters = ['PolicyName', 'PolicyType', name]
  const both = (sent: ActionParameters): string[] => [
    ...resources(sent),
    `policy/${sent.PolicyName || '*'}`,
  ]
  return {
    [`AttachPolicyTo${entity}`]: {
      resources: both,
      parameters,
      handle: ({ parameters: sent, now }: ActionCall) => {
        const found = holder(sent)
        if ('userName' in found) checkLag(directory, found, now)
        const { attachments } = found
        const { policyName, policyType } = requirePolicy(directory, sent)
        if (find(attachments, sent)) throw alreadyExists(`${entity}.Policy`, policyName)
        if (attachments.filter((a) => a.policyType === policyType).length >= ATTACHMENTS) {
          throw limitExceeded(`${entity}.Policy`, ATTACHMENTS)
        }
        attachments.push({ policyName, policyType, since: now })
        return {}
      },
    },
    [`DetachPolicyFrom${entity}`]: {
      resources: both,
      parameters,
      handle: ({ parameters: sent }: ActionCall) => {
        const { attachments } = holder(sent)
        const attachment = find(attachments, sent)
        if (!attachment) throw notExist(`${entity}.Policy`, sent.PolicyName ?? '')
        attachments.splice(attachments.indexOf(attachment), 1)
        return {}
      },
    },
    [`ListPoliciesFor${entity}`]: {
      resources,
      parameters: [name],
      handle: ({ parameters: sent }: ActionCall) => ({
        Policies: {
          Policy: holder(sent).attachments.map(({ policyName, policyType, since }) => {
            const policy = directory.findPolicy(policyType, policyName)
            return {
              PolicyName: policyName,
              PolicyType: policyType,
              Description: policy?.description ?? '',
              DefaultVersion: policy ? defaultVersion(policy).versionId : '',
              AttachDate: secondText(since),
            }
          }),
        },
      }),
    },
  }
}

function find(
  attachments: readonly Attachment[],
  { PolicyName, PolicyType }: ActionParameters,
): Attachment | undefined {
  return attachments.find(
    ({ policyName, policyType }) => policyName === PolicyName && policyType === PolicyType,
  )
}
