import { ActionError, type ActionParameters, type Actions } from '../action.ts'
import type { ManagedPolicy } from './entities.ts'
import { defaultVersion, newVersion, requirePolicy, showVersion } from './policy-actions.ts'
import type { RamDirectory } from './ram-directory.ts'
import { limitExceeded } from './ram-errors.ts'

const VERSIONS = 5
const ROTATE = 'DeleteOldestNonDefaultVersionWhenLimitExceeded'

const ofPolicy = ({ PolicyName }: ActionParameters): string[] => [`policy/${PolicyName || '*'}`]

/** Returns the action on versions of policies. Source: "Policy management", RAM 2015-05-01. */
export function policyVersionActions(directory: RamDirectory): Actions {
  const custom = (parameters: ActionParameters): ManagedPolicy =>
    requirePolicy(directory, { ...parameters, PolicyType: 'Custom' })
  return {
    CreatePolicyVersion: {
      resources: ofPolicy,
      parameters: ['PolicyName', 'PolicyDocument', 'SetAsDefault?', 'RotateStrategy?'],
      handle: ({ parameters, now }) => {
        const policy = custom(parameters)
        const { RotateStrategy: strategy = 'None', SetAsDefault: isDefault = 'false' } = parameters
        if (strategy !== 'None' && strategy !== ROTATE) {
          const message = `RotateStrategy must be None or ${ROTATE}.`
          throw new ActionError(400, 'InvalidParameter.RotateStrategy', message)
        }
        const number = policy.lastVersion + 1
        const version = newVersion(`v${number}`, parameters.PolicyDocument ?? '', now)
        if (policy.versions.length >= VERSIONS) {
          if (strategy === 'None') throw limitExceeded('Policy.Version', VERSIONS)
          const oldest = policy.versions.findIndex((other) => other !== defaultVersion(policy))
          policy.versions.splice(oldest, 1)
        }
        policy.lastVersion = number
        policy.versions.push(version)
        policy.updated = now
        if (isDefault === 'true') policy.defaults.push({ version, since: now })
        return { PolicyVersion: showVersion(policy, version) }
      },
    },
  }
}
