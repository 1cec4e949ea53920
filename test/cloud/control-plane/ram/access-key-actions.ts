import { type ActionCall, ActionError, type Actions } from '../action.ts'
import { secondText } from '../time-text.ts'
import type { UserAccessKey } from './entities.ts'
import { newAccessKey, type RamDirectory } from './ram-directory.ts'
import { limitExceeded, notExist } from './ram-errors.ts'
import { checkLag, ofUser, requireUser } from './user-actions.ts'

const KEYS = 2

/** Returns the actions on access keys. Source: "AccessKey management", RAM 2015-05-01. */
export function accessKeyActions(directory: RamDirectory): Actions {
  return {
    CreateAccessKey: {
      resources: ofUser,
      parameters: ['UserName?'],
      handle: (call) => {
        const keys = keysOf(directory, call)
        const { UserName } = call.parameters
        if (UserName) checkLag(directory, requireUser(directory, UserName), call.now)
        if (keys.length >= KEYS) throw limitExceeded('User.AccessKey', KEYS)
        const key = newAccessKey(call.now)
        keys.push(key)
        return { AccessKey: { ...show(key), AccessKeySecret: key.accessKeySecret } }
      },
    },
    ListAccessKeys: {
      resources: ofUser,
      parameters: ['UserName?'],
      handle: (call) => ({ AccessKeys: { AccessKey: keysOf(directory, call).map(show) } }),
    },
    UpdateAccessKey: {
      resources: ofUser,
      parameters: ['UserAccessKeyId', 'Status', 'UserName?'],
      handle: (call) => {
        const { Status } = call.parameters
        if (Status !== 'Active' && Status !== 'Inactive') {
          const message = 'Status must be Active or Inactive.'
          throw new ActionError(400, 'InvalidParameter.Status', message)
        }
        requireKey(keysOf(directory, call), call).status = Status
        return {}
      },
    },
    DeleteAccessKey: {
      resources: ofUser,
      parameters: ['UserAccessKeyId', 'UserName?'],
      handle: (call) => {
        const keys = keysOf(directory, call)
        keys.splice(keys.indexOf(requireKey(keys, call)), 1)
        return {}
      },
    },
  }
}

// Without UserName the call is about the caller.
function keysOf(directory: RamDirectory, { parameters, caller }: ActionCall): UserAccessKey[] {
  if (parameters.UserName) return requireUser(directory, parameters.UserName).keys
  if (caller?.kind === 'account') return directory.rootKeys
  if (caller?.kind === 'user') return requireUser(directory, caller.name.slice('user/'.length)).keys
  throw new ActionError(
    400,
    'MissingParameter.UserName',
    'The caller is no user: UserName is needed.',
  )
}

function requireKey(keys: readonly UserAccessKey[], { parameters }: ActionCall): UserAccessKey {
  const key = keys.find(({ accessKeyId }) => accessKeyId === parameters.UserAccessKeyId)
  if (!key) throw notExist('User.AccessKey', parameters.UserAccessKeyId ?? '')
  return key
}

function show({ accessKeyId, status, since }: UserAccessKey) {
  return { AccessKeyId: accessKeyId, Status: status, CreateDate: secondText(since) }
}
