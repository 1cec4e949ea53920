import { type ActionCall, ActionError, type Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { EVERYTHING } from '../paging.ts'
import type { Instance } from './instance.ts'
import { listedInstances, requireIdList } from './lookup.ts'
import { refuse } from './refusals.ts'

/**
 * Checks whether ECS may hand out credentials of a role.
 *
 * @param status Of InvalidRamRole.NotEcsRole, which differs between actions
 * @throws ActionError InvalidRamRole.NotFound, InvalidRamRole.NotEcsRole
 */
export function checkRole(state: ComputeState, roleName: string, status: 401 | 404): void {
  if (state.roles.trustsEcs(roleName)) return
  if (!state.roles.exists?.(roleName)) throw refuse('InvalidRamRole.NotFound')
  const { code, message } = refuse('InvalidRamRole.NotEcsRole')
  throw new ActionError(status, code, message)
}

interface ItemResult {
  InstanceId: string
  Success: boolean
  Code: string
  Message: string
}

/** Returns the actions that attach roles to instances; each instance has its own result. */
export function instanceRoleActions(state: ComputeState): Actions {
  /** @param change Changes the role of an instance, or returns why it cannot */
  const changeEach = (
    name: string,
    { parameters }: ActionCall,
    change: (instance: Instance) => readonly [code: string, message: string] | undefined,
  ): object => {
    const instances = requireIdList(parameters.InstanceIds ?? '').map((id) => {
      const instance = state.instances.get(id)
      if (!instance || instance.releasing) throw refuse('InvalidInstanceId.NotFound')
      return instance
    })
    const results = instances.map((instance): ItemResult => {
      const [Code, Message] = change(instance) ?? ['200', 'success']
      return { InstanceId: instance.id, Success: Code === '200', Code, Message }
    })
    return {
      RamRoleName: parameters.RamRoleName,
      TotalCount: results.length,
      FailCount: results.filter(({ Success }) => !Success).length,
      [`${name}Results`]: { [`${name}Result`]: results },
    }
  }
  return {
    /** The role has to trust ECS. */
    AttachInstanceRamRole: {
      parameters: ['RegionId', 'InstanceIds', 'RamRoleName', 'Policy?'],
      handle(call) {
        const { RamRoleName = '' } = call.parameters
        checkRole(state, RamRoleName, 404)
        return changeEach('AttachInstanceRamRole', call, (instance) => {
          if (instance.ramRoleName !== undefined && instance.ramRoleName !== RamRoleName) {
            return [
              'InvalidInstance.RamRoleExisted',
              'The specified instance has already been attached with a ram role.',
            ]
          }
          instance.ramRoleName = RamRoleName
          return undefined
        })
      },
    },
    DetachInstanceRamRole: {
      parameters: ['RegionId', 'InstanceIds', 'RamRoleName'],
      handle: (call) =>
        changeEach('DetachInstanceRamRole', call, (instance) => {
          if (instance.ramRoleName !== call.parameters.RamRoleName) {
            return ['InvalidRamRole.NotFound', 'The specified RamRoleName does not exist.']
          }
          instance.ramRoleName = undefined
          return undefined
        }),
    },
    DescribeInstanceRamRole: listAction({
      parameters: ['RegionId', 'InstanceIds?'],
      all: (call) => listedInstances(state, call).filter(({ ramRoleName }) => ramRoleName),
      filters: { RamRoleName: ({ ramRoleName }) => ramRoleName },
      paging: EVERYTHING,
      answer: (instances) => ({
        RegionId: state.region,
        TotalCount: instances.length,
        InstanceRamRoleSets: {
          InstanceRamRoleSet: instances.map(({ id, ramRoleName }) => ({
            InstanceId: id,
            RamRoleName: ramRoleName,
          })),
        },
      }),
    }),
  }
}
