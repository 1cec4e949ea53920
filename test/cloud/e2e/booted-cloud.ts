import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from 'simulated-cloud'
import { onTestFailed, onTestFinished } from 'vitest'
import type { AcmeAuthority } from '../machine/acme-authority.ts'
import { Datacenter } from '../machine/datacenter.ts'
import { StackProject, type StackProjectOptions } from '../stack/stack-project.ts'

/** Region of the end-to-end tests. */
export const REGION = 'ap-southeast-1'

/** Host name at which OSS publishes the public keys of its callbacks. */
const CALLBACK_KEYS = 'gosspublic.alicdn.com'

/** A simulated cloud whose instances boot, and a stack that is not deployed yet. */
export interface BootedCloud {
  cloud: SimulatedCloud
  datacenter: Datacenter
  project: StackProject
}

type BootedCloudOptions = Omit<StackProjectOptions, 'environment'> & {
  cloud?: SimulatedCloudOptions
}

/** Starts all three for the duration of a test. If it fails, prints console and journal of every machine. */
export async function bootedCloud(options: BootedCloudOptions = {}): Promise<BootedCloud> {
  const { cloud, datacenter } = await startCloud(options)
  return { cloud, datacenter, project: await createProject(cloud, options) }
}

/** A booted cloud with a certificate authority on its internet, which the deployer trusts. */
export interface CertifiedCloud extends BootedCloud {
  authority: AcmeAuthority
  /** PEM file of the authorities that visitors trust. */
  trusted: string
}

/**
 * Starts a booted cloud with an authority.
 *
 * @param pebble Path of Pebble's executable
 */
export async function certifiedCloud(
  pebble: string,
  options: BootedCloudOptions = {},
): Promise<CertifiedCloud> {
  const { cloud, datacenter } = await startCloud(options)
  const authority = await datacenter.startAuthority(pebble)
  onTestFailed(() => console.log(authority.log))
  const folder = await mkdtemp(join(tmpdir(), 'trusted-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const trusted = join(folder, 'trusted.pem')
  await writeFile(trusted, `${cloud.certificate}${authority.root}`)
  const project = await createProject(cloud, options, { NODE_EXTRA_CA_CERTS: trusted })
  return { cloud, datacenter, project, authority, trusted }
}

async function createProject(
  cloud: SimulatedCloud,
  options: BootedCloudOptions,
  more: Readonly<Record<string, string>> = {},
): Promise<StackProject> {
  const environment = { ...cloud.environment(), ...more }
  const project = await StackProject.create({ ...options, environment })
  onTestFinished(() => project.remove())
  return project
}

async function startCloud(
  options: BootedCloudOptions,
): Promise<Pick<BootedCloud, 'cloud' | 'datacenter'>> {
  const datacenter = await Datacenter.open((line) => console.log(line))
  onTestFinished(() => datacenter.close())
  const cloud = await startSimulatedCloud({
    hardware: datacenter,
    web: datacenter.web,
    wire: datacenter.wire,
    callbackAgents: datacenter.callbackAgents,
    ...options.cloud,
  })
  onTestFinished(() => cloud.close())
  onTestFailed(async () => console.log(await datacenter.machines.allLogs()))
  const { accountId, certificate, authority } = cloud
  await datacenter.attach({
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
      const { region } = datacenter.machines.get(instanceId).description
      const roleName = cloud.account.compute(region).instanceRole(instanceId)
      return document && roleName !== undefined ? { roleName, document } : undefined
    },
  })
  return { cloud, datacenter }
}
