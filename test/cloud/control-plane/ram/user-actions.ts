import type { ActionDefinition, ActionParameters, Actions } from '../action.ts'
import { secondText } from '../time-text.ts'
import type { RamUser } from './entities.ts'
import { checkLength, checkName, pageOf } from './parameter-text.ts'
import { newEntityId, type RamDirectory } from './ram-directory.ts'
import { alreadyExists, deleteConflict, limitExceeded, notExist } from './ram-errors.ts'

const USERS = 1000
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/

/** Returns the resource of calls on one user. */
export const ofUser = ({ UserName }: ActionParameters): string[] => [`user/${UserName || '*'}`]

/** Returns the actions on users. Source: "User management", RAM 2015-05-01. */
export function userActions(directory: RamDirectory): Actions {
  const { users } = directory
  /** Logins and MFA devices are not simulated, so none exists. */
  const removeAbsent = (entity: string): ActionDefinition => ({
    resources: ofUser,
    parameters: ['UserName'],
    handle: ({ parameters }) => {
      throw notExist(entity, requireUser(directory, parameters.UserName).userName)
    },
  })
  return {
    CreateUser: {
      resources: () => ['user/*'],
      parameters: ['UserName', 'DisplayName?', 'MobilePhone?', 'Email?', 'Comments?'],
      handle: ({ parameters, now }) => {
        const userName = checkName('UserName', parameters.UserName ?? '', NAME, 64)
        if (users.has(userName)) throw alreadyExists('User', userName)
        if (users.size >= USERS) throw limitExceeded('User', USERS)
        const user: RamUser = {
          userId: newEntityId('2'),
          userName,
          displayName: checkLength('DisplayName', parameters.DisplayName ?? '', 128),
          mobilePhone: parameters.MobilePhone ?? '',
          email: parameters.Email ?? '',
          comments: checkLength('Comments', parameters.Comments ?? '', 128),
          created: now,
          updated: now,
          keys: [],
          attachments: [],
          permanent: false,
        }
        users.set(userName, user)
        return { User: show(user) }
      },
    },
    GetUser: {
      resources: ofUser,
      parameters: ['UserName'],
      handle: ({ parameters }) => ({ User: show(requireUser(directory, parameters.UserName)) }),
    },
    ListUsers: {
      resources: () => ['user/*'],
      parameters: ['Marker?', 'MaxItems?'],
      handle: ({ parameters }) => {
        const { page, rest } = pageOf([...users.values()], (user) => user.userName, parameters)
        return { ...rest, Users: { User: page.map(show) } }
      },
    },
    DeleteUser: {
      resources: ofUser,
      parameters: ['UserName'],
      handle: ({ parameters }) => {
        const user = requireUser(directory, parameters.UserName)
        if (user.keys.length > 0) throw deleteConflict('User.AccessKey', 'it has access keys')
        if (user.attachments.length > 0) throw deleteConflict('User.Policy', 'it has policies')
        users.delete(user.userName)
        return {}
      },
    },
    ListGroupsForUser: {
      resources: ofUser,
      parameters: ['UserName'],
      handle: ({ parameters }) => {
        requireUser(directory, parameters.UserName)
        // Groups are not simulated.
        return { Groups: { Group: [] } }
      },
    },
    DeleteLoginProfile: removeAbsent('User.LoginProfile'),
    UnbindMFADevice: removeAbsent('User.MFADevice'),
  }
}

/** @throws ActionError EntityNotExist.User */
export function requireUser(directory: RamDirectory, userName = ''): RamUser {
  const user = directory.users.get(userName)
  if (!user) throw notExist('User', userName)
  return user
}

/**
 * Checks that AttachPolicyToUser and CreateAccessKey find a user, whose creation they see late.
 *
 * @throws ActionError EntityNotExist.User
 */
export function checkLag({ userLagMs }: RamDirectory, user: RamUser, now: number): void {
  if (now < user.created + userLagMs) throw notExist('User', user.userName)
}

function show({ userId, userName, displayName, mobilePhone, email, ...user }: RamUser): object {
  return {
    UserId: userId,
    UserName: userName,
    DisplayName: displayName,
    MobilePhone: mobilePhone,
    Email: email,
    Comments: user.comments,
    CreateDate: secondText(user.created),
    UpdateDate: secondText(user.updated),
  }
}
