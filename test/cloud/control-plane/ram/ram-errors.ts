import { ActionError } from '../action.ts'

/** Source: the error code pages of RAM 2015-05-01. */
export function notExist(entity: string, name: string): ActionError {
  const words = entity.split('.').map((word) => word.toLowerCase())
  return new ActionError(
    404,
    `EntityNotExist.${entity}`,
    `The ${words.join(' ')} does not exist: ${name}`,
  )
}

export function alreadyExists(entity: string, name: string): ActionError {
  const words = entity.split('.').map((word) => word.toLowerCase())
  return new ActionError(
    409,
    `EntityAlreadyExists.${entity}`,
    `The ${words.join(' ')} already exists: ${name}`,
  )
}

export function deleteConflict(entity: string, holds: string): ActionError {
  const [owner = ''] = entity.split('.')
  return new ActionError(
    409,
    `DeleteConflict.${entity}`,
    `The ${owner.toLowerCase()} can not be deleted while ${holds}.`,
  )
}

/** @param most The quota */
export function limitExceeded(entity: string, most: number): ActionError {
  return new ActionError(
    409,
    `LimitExceeded.${entity}`,
    `The quota of ${most} for ${entity} is used up.`,
  )
}

export function invalid(parameter: string, kind: string, message: string): ActionError {
  return new ActionError(400, `InvalidParameter.${parameter}.${kind}`, message)
}
