import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { pause } from '../durations.ts'
import type { Instance } from '../ecs/instance.ts'
import { reroute } from '../ecs/public-routes.ts'
import type { Eip } from './eip.ts'
import { requireEip } from './lookup.ts'
import { refuse } from './refusals.ts'

const BINDING = ['RegionId', 'ClientToken?', 'AllocationId', 'InstanceType?']

function checkInstanceType(type: string | undefined): void {
  if ((type ?? 'EcsInstance') !== 'EcsInstance') {
    throw refuse('InvalidInstanceType.ValueNotSupported')
  }
}

function checkMode(mode: string | undefined): void {
  if ((mode ?? 'NAT') !== 'NAT') throw refuse('InvalidParameter')
}

/** Returns the EIPs that are bound to an instance, or are being bound or unbound. */
export function eipsOf(state: ComputeState, instanceId: string): Eip[] {
  return state.eips.all().filter((eip) => eip.instanceId === instanceId)
}

async function bind(state: ComputeState, eip: Eip, instance: Instance): Promise<void> {
  await instance.power.next(async () => {
    await pause(state.durations.eipAssociatingMs)
    if (eip.status !== 'Associating') return
    eip.status = 'InUse'
    await reroute(state, eip)
  })
}

/** Returns the actions that bind EIPs to instances and free them. */
export function eipBindingActions(state: ComputeState): Actions {
  return {
    /**
     * The instance runs or is stopped. The binding is shown at once, while the status
     * is still Associating.
     */
    AssociateEipAddress: {
      parameters: [...BINDING, 'InstanceId', 'Mode?'],
      handle(call) {
        const { parameters } = call
        const eip = requireEip(state, call)
        checkInstanceType(parameters.InstanceType)
        checkMode(parameters.Mode)
        const instance = state.instances.get(parameters.InstanceId)
        if (!instance) throw refuse('InvalidInstanId.NotFound')
        if (eip.instanceId === instance.id && eip.status === 'InUse') {
          throw refuse('InvalidAssociation.Duplicated')
        }
        if (eip.status !== 'Available') throw refuse('IncorrectEipStatus')
        if (instance.releasing || !['Running', 'Stopped'].includes(instance.status)) {
          throw refuse('IncorrectInstanceStatus')
        }
        if (eipsOf(state, instance.id).length > 0) {
          throw refuse('BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP')
        }
        eip.instanceId = instance.id
        eip.status = 'Associating'
        void bind(state, eip, instance)
        return {}
      },
    },
    /** Unassociating, then Available. */
    UnassociateEipAddress: {
      parameters: [...BINDING, 'InstanceId?', 'PrivateIpAddress?', 'Force?'],
      handle(call) {
        const { parameters } = call
        const eip = requireEip(state, call)
        checkInstanceType(parameters.InstanceType)
        if (eip.status !== 'InUse') throw refuse('IncorrectEipStatus')
        if (parameters.InstanceId !== undefined && parameters.InstanceId !== eip.instanceId) {
          throw refuse('InvalidInstanceId.NotFound')
        }
        const instance = state.instances.get(eip.instanceId ?? '')
        if (!instance) throw refuse('InvalidInstanceId.NotFound')
        if (instance.releasing) {
          throw refuse(
            'IncorrectInstanceStatus',
            'The current status of instance does not support this operation.',
          )
        }
        eip.status = 'Unassociating'
        void instance.power.next(() => unbind(state, eip))
        return {}
      },
    },
  }
}

/** Unbinds an EIP that is Unassociating. Runs in the work queue of its instance. */
export async function unbind(state: ComputeState, eip: Eip): Promise<void> {
  await reroute(state, eip)
  await pause(state.durations.eipUnassociatingMs)
  eip.instanceId = undefined
  eip.status = 'Available'
}
