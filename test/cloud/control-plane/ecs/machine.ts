import type { ComputeState, HardwareFault } from '../compute-state.ts'
import { pause } from '../durations.ts'
import type { MachineDescription } from '../hardware.ts'
import { unbind } from '../vpc/eip-binding.ts'
import type { Instance } from './instance.ts'
import { rerouteMembers, rerouteOwn } from './public-routes.ts'

/** Returns what the machine behind an instance gets at its start. */
export function describeMachine(instance: Instance): MachineDescription {
  const { networkInterface } = instance
  return {
    instanceId: instance.id,
    region: instance.region,
    zoneId: instance.zoneId,
    imageId: instance.image.id,
    instanceType: instance.type.id,
    hostName: instance.hostName,
    privateIp: networkInterface.privateIp,
    mac: networkInterface.mac,
    vpcId: networkInterface.vpcId,
    vSwitchId: networkInterface.vSwitchId,
    securityGroupIds: [...networkInterface.securityGroupIds],
    userData: Buffer.from(instance.userData, 'base64').toString(),
  }
}

async function attempt(
  state: ComputeState,
  instance: Instance,
  operation: HardwareFault['operation'],
  step: () => Promise<void>,
): Promise<boolean> {
  try {
    await step()
    instance.fault = undefined
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    instance.fault = `${operation}: ${message}`
    state.faults.push({ instanceId: instance.id, operation, message })
    return false
  }
}

/** Powers the machine on: Starting, then Running, or Stopped when it does not come up. */
async function start(state: ComputeState, instance: Instance): Promise<void> {
  instance.status = 'Starting'
  const [started] = await Promise.all([
    attempt(state, instance, 'start', () => state.hardware.start(describeMachine(instance))),
    pause(state.durations.instanceStartingMs),
  ])
  instance.status = started ? 'Running' : 'Stopped'
  if (started) instance.startedAt = state.now()
  await rerouteOwn(state, instance)
}

/** Powers the machine off: Stopping, then Stopped, or Running when it does not go down. */
async function stop(state: ComputeState, instance: Instance): Promise<void> {
  instance.status = 'Stopping'
  const [stopped] = await Promise.all([
    attempt(state, instance, 'stop', () => state.hardware.stop(instance.id)),
    pause(state.durations.instanceStoppingMs),
  ])
  instance.status = stopped ? 'Stopped' : 'Running'
}

/** Starts a new instance: Pending, Starting, Running. */
export function launch(state: ComputeState, instance: Instance): void {
  void instance.power.next(async () => {
    await pause(state.durations.instancePendingMs)
    await start(state, instance)
  })
}

/** Starts a stopped instance. */
export function powerOn(state: ComputeState, instance: Instance): void {
  instance.status = 'Starting'
  void instance.power.next(() => start(state, instance))
}

/** Stops a running instance. */
export function powerOff(state: ComputeState, instance: Instance): void {
  instance.status = 'Stopping'
  void instance.power.next(() => stop(state, instance))
}

/**
 * Releases an instance: stops the machine, frees its EIPs, removes machine and
 * instance, and a moment later its network interface.
 */
export function release(state: ComputeState, instance: Instance): void {
  const running = instance.status === 'Running'
  instance.releasing = true
  if (running) instance.status = 'Stopping'
  const { networkInterface } = instance
  void instance.power.next(async () => {
    const eips = state.eips.all().filter((eip) => eip.instanceId === instance.id)
    for (const eip of eips) eip.status = 'Unassociating'
    if (running) await stop(state, instance)
    for (const eip of eips) await unbind(state, eip)
    await rerouteOwn(state, instance)
    await attempt(state, instance, 'remove', () => state.hardware.remove(instance.id))
    await pause(state.durations.instanceReleasingMs)
    state.instances.remove(instance.id)
    await pause(state.durations.interfaceReleasingMs)
    state.interfaces.remove(networkInterface.id)
    const groups = networkInterface.securityGroupIds.flatMap(
      (id) => state.securityGroups.get(id) ?? [],
    )
    rerouteMembers(state, groups)
  })
}
