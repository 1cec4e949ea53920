import type { Actions } from '../action.ts'
import { randomTail } from '../resource-id.ts'
import type { AlbState } from './alb-state.ts'
import { applyToHardware } from './balancing.ts'
import { startJob } from './job.ts'
import { describeListener, type Listener } from './listener.ts'
import {
  LISTENER_SETTINGS,
  parseCertificates,
  parseGroups,
  parseListenerSettings,
} from './listener-parameters.ts'
import { requireActive, requireBalancer, requireListener } from './lookup.ts'
import { refuse } from './refusals.ts'
import { TAG_PARAMETERS, tagsOfNew } from './tags-of-new.ts'
import { numberBetween, oneOf } from './values.ts'

const ACTION_TYPE = 'DefaultActions.N.Type'

/** Returns the actions on listeners. */
export function listenerActions(state: AlbState): Actions {
  /** @param after The status at the end of the job; undefined where the listener is gone */
  const startListenerJob = (
    apiName: string,
    listener: Listener,
    after: Listener['status'] | undefined,
  ) =>
    startJob(
      state,
      apiName,
      { resourceId: listener.id, resourceType: 'listener' },
      state.compute.durations.listenerMs,
      () => {
        if (after) listener.status = after
        else state.listeners.remove(listener.id)
        const balancer = state.loadBalancers.get(listener.loadBalancerId)
        if (balancer) applyToHardware(state, balancer)
      },
    )
  return {
    /** Provisioning, then Running. */
    CreateListener: {
      parameters: [
        'LoadBalancerId',
        'ListenerProtocol',
        'ListenerPort',
        ACTION_TYPE,
        ...LISTENER_SETTINGS,
        ...TAG_PARAMETERS,
      ],
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
          if (state.serverGroups.get(id)?.vpcId !== balancer.vpcId)
            throw refuse('Mismatch', 'VpcId')
        }
        state.listeners.add(listener)
        return {
          ListenerId: listener.id,
          ...startListenerJob('CreateListener', listener, 'Running'),
        }
      },
    },
    GetListenerAttribute: {
      parameters: ['ListenerId'],
      handle: (call) => describeListener(requireListener(state, call)),
    },
    /** Configuring, then Running. */
    UpdateListenerAttribute: {
      parameters: ['ListenerId', `${ACTION_TYPE}?`, ...LISTENER_SETTINGS],
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
        Object.assign(listener, settings)
        listener.serverGroupIds = groups
        listener.certificateIds = certificates
        listener.status = 'Configuring'
        return startListenerJob('UpdateListenerAttribute', listener, 'Running')
      },
    },
    DeleteListener: {
      parameters: ['ListenerId', 'ClientToken?'],
      handle(call) {
        const listener = requireListener(state, call)
        if (listener.status !== 'Running' && listener.status !== 'Stopped') {
          throw refuse('IncorrectStatus', 'Listener')
        }
        listener.status = 'Configuring'
        return startListenerJob('DeleteListener', listener, undefined)
      },
    },
  }
}
