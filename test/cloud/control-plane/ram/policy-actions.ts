import { parseRamPolicy } from '@oss-direct-upload/embedded-oss'
import { ActionError, type ActionParameters, type Actions } from '../action.ts'
import { TAG_PARAMETERS } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import type { ManagedPolicy, PolicyVersion } from './entities.ts'
import { checkLength, checkName, parseDocument, readTags } from './parameter-text.ts'
import type { RamDirectory } from './ram-directory.ts'
import { alreadyExists, deleteConflict, limitExceeded, notExist } from './ram-errors.ts'

const POLICIES = 1500
const DOCUMENT_CHARACTERS = 6144
const NAME = /^[A-Za-z0-9-]+$/

const ofPolicy = ({ PolicyName }: ActionParameters): string[] => [`policy/${PolicyName || '*'}`]

/** Returns the actions on policies. Source: "Policy management", RAM 2015-05-01. */
export function policyActions(directory: RamDirectory): Actions {
  const { customPolicies } = directory
  const custom = (parameters: ActionParameters): ManagedPolicy => {
    const policy = customPolicies.get(parameters.PolicyName ?? '')
    if (!policy) throw notExist('Policy', parameters.PolicyName ?? '')
    return policy
  }
  return {
    CreatePolicy: {
      resources: () => ['policy/*'],
      parameters: ['PolicyName', 'PolicyDocument', 'Description?', 'Tag?', ...TAG_PARAMETERS],
      handle: ({ parameters, now }) => {
        const policyName = checkName('PolicyName', parameters.PolicyName ?? '', NAME, 128)
        if (customPolicies.has(policyName)) throw alreadyExists('Policy', policyName)
        if (customPolicies.size >= POLICIES) throw limitExceeded('Policy', POLICIES)
        const version = newVersion('v1', parameters.PolicyDocument ?? '', now)
        const policy: ManagedPolicy = {
          policyName,
          policyType: 'Custom',
          description: checkLength('Description', parameters.Description ?? '', 1024),
          versions: [version],
          defaults: [{ version, since: now }],
          lastVersion: 1,
          created: now,
          updated: now,
          tags: readTags(parameters),
          permanent: false,
        }
        customPolicies.set(policyName, policy)
        return { Policy: show(policy) }
      },
    },
    GetPolicy: {
      resources: ofPolicy,
      parameters: ['PolicyName', 'PolicyType'],
      handle: ({ parameters }) => {
        const policy = requirePolicy(directory, parameters)
        const { users, roles } = directory.holders(policy)
        return {
          Policy: { ...show(policy), AttachmentCount: users.length + roles.length },
          DefaultPolicyVersion: showVersion(policy, defaultVersion(policy)),
        }
      },
    },
    DeletePolicy: {
      resources: ofPolicy,
      parameters: ['PolicyName', 'CascadingDelete?'],
      handle: ({ parameters }) => {
        const policy = custom(parameters)
        const { users, roles } = directory.holders(policy)
        if (users.length > 0) throw deleteConflict('Policy.User', 'users have it')
        // Not `Policy.Role`: this is the code that the provider retries.
        if (roles.length > 0) throw deleteConflict('Role.Policy', 'it has the policy')
        if (policy.versions.length > 1 && parameters.CascadingDelete !== 'true') {
          throw deleteConflict('Policy.Version', 'it has versions beside the default one')
        }
        customPolicies.delete(policy.policyName)
        return {}
      },
    },
  }
}

/** Of either type. @throws ActionError EntityNotExist.Policy */
export function requirePolicy(
  directory: RamDirectory,
  parameters: ActionParameters,
): ManagedPolicy {
  const { PolicyType: type = '', PolicyName: name = '' } = parameters
  if (type !== 'Custom' && type !== 'System') {
    const message = 'PolicyType must be Custom or System.'
    throw new ActionError(400, 'InvalidParameter.PolicyType', message)
  }
  const policy = directory.findPolicy(type, name)
  if (!policy) throw notExist('Policy', name)
  return policy
}

/** Returns the version that counts. */
export function defaultVersion(policy: ManagedPolicy): PolicyVersion {
  const newest = policy.defaults.at(-1)
  if (!newest) throw new Error(`The policy ${policy.policyName} has no default version`)
  return newest.version
}

/** @throws ActionError for a document that RAM refuses */
export function newVersion(versionId: string, document: string, now: number): PolicyVersion {
  const policy = parseDocument('PolicyDocument', document, DOCUMENT_CHARACTERS, parseRamPolicy)
  return { versionId, document, policy, created: now }
}

/** Returns a version as answers show it. */
export function showVersion(policy: ManagedPolicy, version: PolicyVersion): object {
  return {
    VersionId: version.versionId,
    IsDefaultVersion: version === defaultVersion(policy),
    PolicyDocument: version.document,
    CreateDate: secondText(version.created),
  }
}

function show(policy: ManagedPolicy): object {
  return {
    PolicyName: policy.policyName,
    PolicyType: policy.policyType,
    Description: policy.description,
    DefaultVersion: defaultVersion(policy).versionId,
    CreateDate: secondText(policy.created),
    UpdateDate: secondText(policy.updated),
  }
}
