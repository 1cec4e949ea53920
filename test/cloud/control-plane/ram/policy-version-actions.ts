import { type Action, ActionError, type ActionParameters } from '../action.ts'
import type { ManagedPolicy, PolicyVersion } from './entities.ts'
import { defaultVersion, needPolicy, newVersion, showVersion } from './policy-actions.ts'
import type { RamDirectory } from './ram-directory.ts'
import { deleteConflict, limitExceeded, notExist } from './ram-errors.ts'

const VERSIONS = 5
const ROTATE = 'DeleteOldestNonDefaultVersionWhenLimitExceeded'

const ofPolicy = ({ PolicyName }: ActionParameters): string[] => [`policy/${PolicyName || '*'}`]

/** Calls on the versions of a policy. Source: as for the calls on policies. */
export function policyVersionActions(directory: RamDirectory): Record<string, Action> {
  const custom = (parameters: ActionParameters): ManagedPolicy =>
    needPolicy(directory, { ...parameters, PolicyType: 'Custom' })
  return {
    CreatePolicyVersion: {
      permission: 'ram:CreatePolicyVersion',
      resources: ofPolicy,
      parameters: {
        PolicyName: 'required',
        PolicyDocument: 'required',
        SetAsDefault: 'optional',
        RotateStrategy: 'optional',
      },
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
    GetPolicyVersion: {
      permission: 'ram:GetPolicyVersion',
      resources: ofPolicy,
      parameters: { PolicyName: 'required', PolicyType: 'required', VersionId: 'required' },
      handle: ({ parameters }) => {
        const policy = needPolicy(directory, parameters)
        return { PolicyVersion: showVersion(policy, needVersion(policy, parameters)) }
      },
    },
    ListPolicyVersions: {
      permission: 'ram:ListPolicyVersions',
      resources: ofPolicy,
      parameters: { PolicyName: 'required', PolicyType: 'required' },
      handle: ({ parameters }) => {
        const policy = needPolicy(directory, parameters)
        const shown = policy.versions.map((version) => showVersion(policy, version))
        return { PolicyVersions: { PolicyVersion: shown } }
      },
    },
    SetDefaultPolicyVersion: {
      permission: 'ram:SetDefaultPolicyVersion',
      resources: ofPolicy,
      parameters: { PolicyName: 'required', VersionId: 'required' },
      handle: ({ parameters, now }) => {
        const policy = custom(parameters)
        policy.defaults.push({ version: needVersion(policy, parameters), since: now })
        return {}
      },
    },
    DeletePolicyVersion: {
      permission: 'ram:DeletePolicyVersion',
      resources: ofPolicy,
      parameters: { PolicyName: 'required', VersionId: 'required' },
      handle: ({ parameters }) => {
        const policy = custom(parameters)
        const version = needVersion(policy, parameters)
        if (version === defaultVersion(policy)) {
          throw deleteConflict('PolicyVersion.Default', 'it is the default version')
        }
        policy.versions.splice(policy.versions.indexOf(version), 1)
        return {}
      },
    },
  }
}

function needVersion(policy: ManagedPolicy, { VersionId = '' }: ActionParameters): PolicyVersion {
  const version = policy.versions.find(({ versionId }) => versionId === VersionId)
  if (!version) throw notExist('Policy.Version', VersionId)
  return version
}
