import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { checkTruth } from './instance-parameters.ts'
import { requireInstance, requireSettled, requireStopped } from './lookup.ts'
import { powerOff, powerOn, release } from './machine.ts'
import { refuse } from './refusals.ts'

/** Powers a stopped instance on. */
export function startInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:StartInstance',
    parameters: { RegionId: 'optional', InstanceId: 'required' },
    handle(call) {
      const instance = requireStopped(state, call)
      instance.stoppedMode = 'Not-applicable'
      powerOn(state, instance)
      return {}
    },
  }
}

/** Powers a running instance off. */
export function stopInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:StopInstance',
    parameters: {
      RegionId: 'optional',
      InstanceId: 'required',
      ForceStop: 'optional',
      StoppedMode: 'optional',
    },
    handle(call) {
      const instance = requireSettled(state, call)
      checkTruth(call.parameters.ForceStop)
      const mode = call.parameters.StoppedMode ?? 'KeepCharging'
      // The provider sends back what it has read of the running instance.
      if (!['KeepCharging', 'StopCharging', 'Not-applicable'].includes(mode)) {
        throw refuse('InvalidParameter')
      }
      if (instance.status !== 'Running') throw refuse('IncorrectInstanceStatus')
      instance.stoppedMode = mode === 'StopCharging' ? mode : 'KeepCharging'
      powerOff(state, instance)
      return {}
    },
  }
}

/** Releases an instance: a stopped one, or a running one by force. */
export function deleteInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:DeleteInstance',
    parameters: { RegionId: 'optional', InstanceId: 'required', Force: 'optional' },
    handle(call) {
      const instance = requireInstance(state, call)
      const force = checkTruth(call.parameters.Force)
      if (instance.releasing) return {}
      if (instance.deletionProtection) throw refuse('InvalidOperation.DeletionProtection')
      if (instance.status === 'Pending' || instance.status === 'Starting') {
        throw refuse('IncorrectInstanceStatus.Initializing')
      }
      if (instance.status === 'Stopping' || (instance.status === 'Running' && !force)) {
        throw refuse('IncorrectInstanceStatus')
      }
      release(state, instance)
      return {}
    },
  }
}
