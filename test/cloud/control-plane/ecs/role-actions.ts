import { type Action, type ActionCall, ActionError } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { Instance } from './instance.ts'
import { requireIdList, requireRegion } from './lookup.ts'
import { refuse } from './refusals.ts'

/**
 * Whether ECS may hand out credentials of a role.
 *
 * @param status of InvalidRamRole.NotEcsRole, which differs between actions
 * @throws ActionError InvalidRamRole.NotFound, InvalidRamRole.NotEcsRole
 */
export function checkRole(state: ComputeState, roleName: string, status: 401 | 404): void {
  if (state.roles.trustsEcs(roleName)) return
  if (!state.roles.exists?.(roleName)) throw refuse('InvalidRamRole.NotFound')
  const { code, message } = refuse('InvalidRamRole.NotEcsRole')
  throw new ActionError(status, code, message)
}

function listedInstances(state: ComputeState, call: ActionCall): Instance[] {
  const region = requireRegion(state, call)
  return requireIdList(call.parameters.InstanceIds ?? '').map((id) => {
    const instance = state.instances.find(id, region)
    if (!instance || instance.releasing) throw refuse('InvalidInstanceId.NotFound')
    return instance
  })
}

interface ItemResult {
  InstanceId: string
  Success: boolean
  Code: string
  Message: string
}

function done(instance: Instance): ItemResult {
  return { InstanceId: instance.id, Success: true, Code: '200', Message: 'success' }
}

function failed(instance: Instance, code: string, message: string): ItemResult {
  return { InstanceId: instance.id, Success: false, Code: code, Message: message }
}

/** Gives a role that trusts ECS to instances; each instance has its own result. */
export function attachInstanceRamRole(state: ComputeState): Action {
  return {
    permission: 'ecs:AttachInstanceRamRole',
    parameters: {
      RegionId: 'required',
      InstanceIds: 'required',
      RamRoleName: 'required',
      Policy: 'optional',
    },
    handle(call) {
      const roleName = call.parameters.RamRoleName ?? ''
      checkRole(state, roleName, 404)
      const results = listedInstances(state, call).map((instance) => {
        if (instance.ramRoleName !== undefined && instance.ramRoleName !== roleName) {
          return failed(
            instance,
            'InvalidInstance.RamRoleExisted',
            'The specified instance has already been attached with a ram role.',
          )
        }
        instance.ramRoleName = roleName
        return done(instance)
      })
      return {
        RamRoleName: roleName,
        TotalCount: results.length,
        FailCount: results.filter((result) => !result.Success).length,
        AttachInstanceRamRoleResults: { AttachInstanceRamRoleResult: results },
      }
    },
  }
}

/** Takes a role from instances; each instance has its own result. */
export function detachInstanceRamRole(state: ComputeState): Action {
  return {
    permission: 'ecs:DetachInstanceRamRole',
    parameters: { RegionId: 'required', InstanceIds: 'required', RamRoleName: 'required' },
    handle(call) {
      const roleName = call.parameters.RamRoleName ?? ''
      const results = listedInstances(state, call).map((instance) => {
        if (instance.ramRoleName !== roleName) {
          return failed(
            instance,
            'InvalidRamRole.NotFound',
            'The specified RamRoleName does not exist.',
          )
        }
        instance.ramRoleName = undefined
        return done(instance)
      })
      return {
        RamRoleName: roleName,
        TotalCount: results.length,
        FailCount: results.filter((result) => !result.Success).length,
        DetachInstanceRamRoleResults: { DetachInstanceRamRoleResult: results },
      }
    },
  }
}

/** Lists the instances that have a role, and which; an empty list where none has. */
export function describeInstanceRamRole(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeInstanceRamRole',
    parameters: { RegionId: 'required', InstanceIds: 'optional', RamRoleName: 'optional' },
    handle(call) {
      const { InstanceIds, RamRoleName } = call.parameters
      const ids = InstanceIds === undefined ? undefined : requireIdList(InstanceIds)
      const found = state.instances
        .in(requireRegion(state, call))
        .filter((instance) => !ids || ids.includes(instance.id))
        .filter((instance) => instance.ramRoleName !== undefined)
        .filter((instance) => RamRoleName === undefined || instance.ramRoleName === RamRoleName)
      return {
        RegionId: call.region,
        TotalCount: found.length,
        InstanceRamRoleSets: {
          InstanceRamRoleSet: found.map((instance) => ({
            InstanceId: instance.id,
            RamRoleName: instance.ramRoleName,
          })),
        },
      }
    },
  }
}
