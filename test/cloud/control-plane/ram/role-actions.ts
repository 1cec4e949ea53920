import { ActionError, type ActionParameters, type Actions } from '../action.ts'
import { TAG_PARAMETERS } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import type { RamRole } from './entities.ts'
import { checkLength, checkName, parseDocument, readTags } from './parameter-text.ts'
import { newEntityId, type RamDirectory } from './ram-directory.ts'
import { alreadyExists, deleteConflict, limitExceeded, notExist } from './ram-errors.ts'
import { parseTrustPolicy } from './trust-policy.ts'

const ROLES = 1000
const DOCUMENT_CHARACTERS = 4096
const NAME = /^[A-Za-z0-9._-]+$/

/** Returns the resource of calls on one role. */
export const ofRole = ({ RoleName }: ActionParameters): string[] => [`role/${RoleName || '*'}`]

/** Returns the actions on roles. Source: "Role management", RAM 2015-05-01. */
export function roleActions(directory: RamDirectory): Actions {
  const { roles, accountId } = directory
  const show = (role: RamRole): object => ({
    RoleId: role.roleId,
    RoleName: role.roleName,
    Arn: roleArn(accountId, role.roleName),
    Description: role.description,
    AssumeRolePolicyDocument: role.trustDocument,
    MaxSessionDuration: role.maxSessionDuration,
    CreateDate: secondText(role.created),
    UpdateDate: secondText(role.updated),
  })
  return {
    CreateRole: {
      resources: () => ['role/*'],
      parameters: [
        'RoleName',
        'AssumeRolePolicyDocument',
        'Description?',
        'MaxSessionDuration?',
        'Tag?',
        ...TAG_PARAMETERS,
      ],
      handle: ({ parameters, now }) => {
        const roleName = checkName('RoleName', parameters.RoleName ?? '', NAME, 64)
        if (roles.has(roleName)) throw alreadyExists('Role', roleName)
        if (roles.size >= ROLES) throw limitExceeded('Role', ROLES)
        const trustDocument = parameters.AssumeRolePolicyDocument ?? ''
        const role: RamRole = {
          roleId: newEntityId('3'),
          roleName,
          description: checkLength('Description', parameters.Description ?? '', 1024),
          trustDocument,
          trust: parseDocument(
            'AssumeRolePolicyDocument',
            trustDocument,
            DOCUMENT_CHARACTERS,
            parseTrustPolicy,
          ),
          maxSessionDuration: readDuration('MaxSessionDuration', parameters.MaxSessionDuration),
          created: now,
          updated: now,
          tags: readTags(parameters),
          attachments: [],
        }
        roles.set(roleName, role)
        return { Role: show(role) }
      },
    },
    GetRole: {
      resources: ofRole,
      parameters: ['RoleName'],
      handle: ({ parameters }) => ({ Role: show(requireRole(directory, parameters.RoleName)) }),
    },
    DeleteRole: {
      resources: ofRole,
      parameters: ['RoleName'],
      handle: ({ parameters }) => {
        const role = requireRole(directory, parameters.RoleName)
        if (role.attachments.length > 0) throw deleteConflict('Role.Policy', 'it has policies')
        roles.delete(role.roleName)
        return {}
      },
    },
  }
}

/** Returns the ARN of a role, with the name in lower case. */
export function roleArn(accountId: string, roleName: string): string {
  return `acs:ram::${accountId}:role/${roleName.toLowerCase()}`
}

/** @throws ActionError EntityNotExist.Role */
export function requireRole(directory: RamDirectory, roleName = ''): RamRole {
  const role = directory.roles.get(roleName)
  if (!role) throw notExist('Role', roleName)
  return role
}

function readDuration(name: string, text = '3600'): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds >= 3600 && seconds <= 43_200) return seconds
  throw new ActionError(400, `InvalidParameter.${name}`, `${name} is from 3600 to 43200 seconds.`)
}
