import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { requireInstance, requireSettled, requireStopped } from './lookup.ts'
import { powerOff, powerOn, release } from './machine.ts'
import { flag } from './parameters.ts'
import { refuse } from './refusals.ts'

/** Returns the actions that start, stop and release instances. */
export function powerActions(state: ComputeState): Actions {
  return {
    StartInstance: {
      parameters: ['InstanceId'],
      handle(call) {
        const instance = requireStopped(state, call)
        instance.stoppedMode = 'Not-applicable'
        powerOn(state, instance)
        return {}
      },
    },
    StopInstance: {
      parameters: ['InstanceId', 'ForceStop?', 'StoppedMode?'],
      handle(call) {
        const instance = requireSettled(state, call)
        flag(call.parameters, 'ForceStop')
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
    },
    /** Releases a stopped instance, or a running one by force. */
    DeleteInstance: {
      parameters: ['InstanceId', 'Force?'],
      handle(call) {
        const instance = requireInstance(state, call)
        const force = flag(call.parameters, 'Force', false)
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
    },
  }
}
