import { type ActionCall, ActionError, type Actions } from '../action.ts'
import { secondText } from '../time-text.ts'
import type { UserAccessKey } from './entities.ts'
import { newAccessKey, type RamDirectory } from './ram-directory.ts'
import { limitExceeded, notExist } from './ram-errors.ts'
import { needUser, ofUser } from './user-actions.ts'

const KEYS = 2

/** Calls on access keys. Source: "AccessKey management", RAM 2015-05-01, as above. */
export function accessKeyActions(directory: RamDirectory): Actions {
  return {
    CreateAccessKey: {
      resources: ofUser,
      parameters: ['UserName?'],
      handle: (call) => {
        const keys = keysOf(directory, call)
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
        needKey(keysOf(directory, call), call).status = Status
        return {}
      },
    },
    DeleteAccessKey: {
      resources: ofUser,
      parameters: ['UserAccessKeyId', 'UserName?'],
      handle: (call) => {
        const keys = keysOf(directory, call)
        keys.splice(keys.indexOf(needKey(keys, call)), 1)
        return {}
      },
    },
  }
}

// Without a name it is about whoever asks.
function keysOf(directory: RamDirectory, { parameters, caller }: ActionCall): UserAccessKey[] {
  if (parameters.UserName) return needUser(directory, parameters.UserName).keys
  if (caller?.kind === 'account') return directory.rootKeys
  if (caller?.kind === 'user') return needUser(directory, caller.name.slice('user/'.length)).keys
  throw new ActionError(
    400,
    'MissingParameter.UserName',
    'The caller is no user: UserName is needed.',
  )
}

function needKey(keys: readonly UserAccessKey[], { parameters }: ActionCall): UserAccessKey {
  const key = keys.find(({ accessKeyId }) => accessKeyId === parameters.UserAccessKeyId)
  if (!key) throw notExist('User.AccessKey', parameters.UserAccessKeyId ?? '')
  return key
}

function show({ accessKeyId, status, since }: UserAccessKey) {
  return { AccessKeyId: accessKeyId, Status: status, CreateDate: secondText(since) }
}
