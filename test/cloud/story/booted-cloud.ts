import { onTestFailed, onTestFinished } from 'vitest'
import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from '../control-plane/simulated-cloud.ts'
import { MachineRoom } from '../machine/machine-room.ts'
import { StackProject, type StackProjectOptions } from '../stack/stack-project.ts'

/** Where the stories take place. */
export const REGION = 'ap-southeast-1'

/** Where OSS shows the keys that its callbacks are signed with. */
const CALLBACK_KEYS = 'gosspublic.alicdn.com'

/** A cloud whose instances are machines that boot, and a stack that is not up yet. */
export interface BootedCloud {
  cloud: SimulatedCloud
  room: MachineRoom
  project: StackProject
}

/**
 * Starts all three; they end with the test. When it fails, console and journal of every machine are
 * shown.
 */
export async function bootedCloud(
  options: Omit<StackProjectOptions, 'environment'> & { cloud?: SimulatedCloudOptions } = {},
): Promise<BootedCloud> {
  const room = await MachineRoom.open((line) => console.log(line))
  onTestFinished(async () => {
    await room.close()
  })
  const cloud = await startSimulatedCloud({
    hardware: room,
    web: room.web,
    callbackAgent: room.agent,
    ...options.cloud,
  })
  onTestFinished(async () => {
    await cloud.close()
  })
  onTestFailed(async () => console.log(await room.records()))
  const { accountId, certificate, authority } = cloud
  await room.attach({
    accountId,
    certificate,
    issue: (host) => authority.issue(host),
    handle: (request, response, from) => {
      if (from.host !== CALLBACK_KEYS) return cloud.handle(request, response, from)
      void cloud.storage.region(REGION).then(({ callbackPublicKey }) => {
        const found = request.url === '/callback_pub_key_v1.pem'
        response.writeHead(found ? 200 : 404).end(found ? callbackPublicKey : '')
      })
    },
    roleCredentials: (instanceId) => {
      const document = cloud.roleCredentials(instanceId)
      const { region } = room.machine(instanceId).description
      const roleName = cloud.account.compute(region).instanceRole(instanceId)
      return document && roleName !== undefined ? { roleName, document } : undefined
    },
  })
  const project = await StackProject.create({ ...options, environment: cloud.environment() })
  onTestFinished(async () => {
    await project.remove()
  })
  return { cloud, room, project }
}
