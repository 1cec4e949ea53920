import { addServer, findServer, removeServer } from '../alb/membership.ts'
import type { Server, ServerGroup } from '../alb/server-group.ts'
import { idle } from '../durations.ts'
import type { EssState } from './ess-state.ts'
import type { Member } from './member.ts'
import type { AttachedServerGroup, ScalingGroup } from './scaling-group.ts'

/** Returns the server groups that an instance is in, and the server that it is there. */
function placesOf(
  state: EssState,
  { albServerGroups }: ScalingGroup,
  { instanceId }: Member,
): [ServerGroup, Server][] {
  return albServerGroups.flatMap(({ id, port }): [ServerGroup, Server][] => {
    const group = state.alb.serverGroups.get(id)
    const server = group && findServer(group, instanceId, port)
    return group && server ? [[group, server]] : []
  })
}

/** Returns the servers that an instance is in the server groups of its scaling group. */
export function serversOf(state: EssState, group: ScalingGroup, member: Member): Server[] {
  return placesOf(state, group, member).map(([, server]) => server)
}

function join(state: EssState, attached: AttachedServerGroup, member: Member): void {
  const group = state.alb.serverGroups.get(attached.id)
  if (!group || findServer(group, member.instanceId, attached.port)) return
  const { port, weight } = attached
  addServer(state.alb, group, { instanceId: member.instanceId, port, weight, description: '' })
}

/**
 * Adds an instance to the server groups of its scaling group.
 *
 * @returns Resolves when it is available there
 * @throws ActionError
 */
export async function enter(state: EssState, group: ScalingGroup, member: Member): Promise<void> {
  for (const attached of group.albServerGroups) join(state, attached, member)
  const adding = () => serversOf(state, group, member).some(({ status }) => status === 'Adding')
  while (adding() && !state.alb.closed) await idle(50)
}

/** Removes an instance from the server groups, where draining may go on. */
export function leave(state: EssState, group: ScalingGroup, member: Member): void {
  for (const [serverGroup, server] of placesOf(state, group, member)) {
    void removeServer(state.alb, serverGroup, server)
  }
}

/** @param force Whether existing instances join the server group, too */
export function attachServerGroup(
  state: EssState,
  group: ScalingGroup,
  wanted: AttachedServerGroup,
  force: boolean,
): void {
  const same = (each: AttachedServerGroup) => each.id === wanted.id && each.port === wanted.port
  if (!group.albServerGroups.some(same)) group.albServerGroups.push(wanted)
  if (!force) return
  for (const member of group.members) {
    if (member.lifecycleState === 'InService') join(state, wanted, member)
  }
}
