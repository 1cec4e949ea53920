import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from '../control-plane/simulated-cloud.ts'
import type { InternetAuthority } from '../machine/acme-authority.ts'
import { MachineRoom } from '../machine/datacenter.ts'
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

type BootedCloudOptions = Omit<StackProjectOptions, 'environment'> & {
  cloud?: SimulatedCloudOptions
}

/**
 * Starts all three; they end with the test. When it fails, console and journal of every machine are
 * shown.
 */
export async function bootedCloud(options: BootedCloudOptions = {}): Promise<BootedCloud> {
  const { cloud, room } = await cloudWithRoom(options)
  return { cloud, room, project: await projectIn(cloud, options) }
}

/** A booted cloud whose internet has a certificate authority, which whoever deploys trusts. */
export interface CertifiedCloud extends BootedCloud {
  authority: InternetAuthority
  /** File with the authorities that visitors trust, PEM. */
  trusted: string
}

/**
 * Starts a booted cloud with an authority.
 *
 * @param pebble Path of Pebble's program
 */
export async function certifiedCloud(
  pebble: string,
  options: BootedCloudOptions = {},
): Promise<CertifiedCloud> {
  const { cloud, room } = await cloudWithRoom(options)
  const authority = await room.startAuthority(pebble)
  onTestFailed(() => console.log(authority.log))
  const folder = await mkdtemp(join(tmpdir(), 'trusted-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const trusted = join(folder, 'trusted.pem')
  await writeFile(trusted, `${cloud.certificate}${authority.root}`)
  const project = await projectIn(cloud, options, { NODE_EXTRA_CA_CERTS: trusted })
  return { cloud, room, project, authority, trusted }
}

async function projectIn(
  cloud: SimulatedCloud,
  options: BootedCloudOptions,
  more: Readonly<Record<string, string>> = {},
): Promise<StackProject> {
  const environment = { ...cloud.environment(), ...more }
  const project = await StackProject.create({ ...options, environment })
  onTestFinished(async () => {
    await project.remove()
  })
  return project
}

async function cloudWithRoom(
  options: BootedCloudOptions,
): Promise<Pick<BootedCloud, 'cloud' | 'room'>> {
  const room = await MachineRoom.open((line) => console.log(line))
  onTestFinished(async () => {
    await room.close()
  })
  const cloud = await startSimulatedCloud({
    hardware: room,
    web: room.web,
    wire: room.wire,
    callbackAgents: room.callbackAgents,
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
  return { cloud, room }
}
