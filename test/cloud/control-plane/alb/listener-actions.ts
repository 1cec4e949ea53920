import type { Action } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { randomTail } from '../resource-id.ts'
import type { AlbState } from './alb-state.ts'
import { tellHardware } from './balancing.ts'
import { beginJob } from './job.ts'
import { describeListener, type Listener } from './listener.ts'
import {
  LISTENER_ACTIONS,
  LISTENER_SETTINGS,
  parseCertificates,
  parseGroups,
  parseListenerSettings,
} from './listener-parameters.ts'
import { TAG_PARAMETERS, tagsOfNew } from './load-balancer-actions.ts'
import { requireActive, requireBalancer, requireListener } from './lookup.ts'
import { refuse } from './refusals.ts'
import { endDryRun, numberBetween, oneOf } from './values.ts'

/** Has a load balancer listen at a port: Provisioning, then Running. */
export function createListener(state: AlbState): Action {
  return {
    permission: 'alb:CreateListener',
    parameters: {
      LoadBalancerId: 'required',
      ListenerProtocol: 'required',
      ListenerPort: 'required',
      'DefaultActions.N.Type': 'required',
      ...optional(...LISTENER_ACTIONS.slice(1), ...LISTENER_SETTINGS, ...TAG_PARAMETERS),
    },
    handle(call) {
      const { parameters } = call
      const balancer = requireBalancer(state, call)
      requireActive(balancer)
      const protocol = oneOf(parameters, 'ListenerProtocol', ['HTTP', 'HTTPS'], 'HTTP')
      const port = numberBetween(parameters, 'ListenerPort', [1, 65_535], 0)
      const taken = state.listeners
        .all()
        .some((each) => each.loadBalancerId === balancer.id && each.port === port)
      if (taken) throw refuse('ResourceAlreadyExist', 'Listener')
      const listener: Listener = {
        ...parseListenerSettings(parameters, protocol),
        id: `lsn-${randomTail(18)}`,
        region: call.region,
        createdAt: call.now,
        loadBalancerId: balancer.id,
        protocol,
        port,
        tags: tagsOfNew(call),
        serverGroupIds: parseGroups(state, call),
        certificateIds: parseCertificates(state, call, protocol),
        status: 'Provisioning',
      }
      for (const id of listener.serverGroupIds) {
        if (state.serverGroups.get(id)?.vpcId !== balancer.vpcId) throw refuse('Mismatch', 'VpcId')
      }
      endDryRun(parameters)
      state.listeners.add(listener)
      const about = { apiName: 'CreateListener', operateType: 'Create' } as const
      return { ListenerId: listener.id, ...changeListener(state, listener, about, 'Running') }
    },
  }
}

/** Shows a listener; 404 for one that is not there. */
export function getListenerAttribute(state: AlbState): Action {
  return {
    permission: 'alb:GetListenerAttribute',
    parameters: { ListenerId: 'required' },
    handle: (call) => describeListener(requireListener(state, call)),
  }
}

/** Changes a listener in place. */
export function updateListenerAttribute(state: AlbState): Action {
  return {
    permission: 'alb:UpdateListenerAttribute',
    parameters: { ListenerId: 'required', ...optional(...LISTENER_ACTIONS, ...LISTENER_SETTINGS) },
    handle(call) {
      const listener = requireListener(state, call)
      if (listener.status !== 'Running') throw refuse('IncorrectStatus', 'Listener')
      const named = (start: string): boolean =>
        Object.keys(call.parameters).some((name) => name.startsWith(start))
      const settings = parseListenerSettings(call.parameters, listener.protocol, listener)
      const groups = named('DefaultActions.') ? parseGroups(state, call) : listener.serverGroupIds
      const certificates = named('Certificates.')
        ? parseCertificates(state, call, listener.protocol)
        : listener.certificateIds
      endDryRun(call.parameters)
      Object.assign(listener, settings)
      listener.serverGroupIds = groups
      listener.certificateIds = certificates
      listener.status = 'Configuring'
      const about = { apiName: 'UpdateListenerAttribute', operateType: 'Update' } as const
      return changeListener(state, listener, about, 'Running')
    },
  }
}

/** Takes a listener away. */
export function deleteListener(state: AlbState): Action {
  return {
    permission: 'alb:DeleteListener',
    parameters: { ListenerId: 'required', ...optional('ClientToken', 'DryRun') },
    handle(call) {
      const listener = requireListener(state, call)
      if (listener.status !== 'Running' && listener.status !== 'Stopped') {
        throw refuse('IncorrectStatus', 'Listener')
      }
      endDryRun(call.parameters)
      listener.status = 'Configuring'
      const about = { apiName: 'DeleteListener', operateType: 'Delete' } as const
      return changeListener(state, listener, about, undefined)
    },
  }
}

/** @param after The state it is in then; undefined where it is gone */
function changeListener(
  state: AlbState,
  listener: Listener,
  about: { apiName: string; operateType: 'Create' | 'Update' | 'Delete' },
  after: Listener['status'] | undefined,
): { JobId: string } {
  const { id: resourceId, region } = listener
  const job = beginJob(
    state,
    { ...about, region, resourceId, resourceType: 'listener' },
    state.compute.pace.listenerMs,
    () => {
      if (after) listener.status = after
      else state.listeners.remove(listener.id)
      const balancer = state.loadBalancers.get(listener.loadBalancerId)
      if (balancer) tellHardware(state, balancer)
    },
  )
  return { JobId: job.id }
}
