import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallbackAgents, RamPolicy } from '../../../app/oss/index.ts'
import { Audit } from './audit.ts'
import { CertificateAuthority } from './certificates/certificate-authority.ts'
import { CloudAccount, type RoleCredentials } from './cloud-account.ts'
import type { Durations } from './durations.ts'
import { Faults } from './faults.ts'
import { HostRouter } from './gateway/host-router.ts'
import { startProxy } from './gateway/proxy.ts'
import type { Web, Wire } from './gateway/public-web.ts'
import type { Hardware } from './hardware.ts'
import { ObjectStorage } from './storage/object-storage.ts'

/** A key of the simulated cloud. */
export interface KeyPair {
  accessKeyId: string
  accessKeySecret: string
}

export interface SimulatedCloudOptions {
  /** Folder for buckets and certificates. @default a temporary one, removed at the end */
  dir?: string
  /** @default '1234567890123456' */
  accountId?: string
  /** @default 'International' */
  accountType?: 'Domestic' | 'International'
  /** Milliseconds since 1970. @default the system's clock */
  now?(): number
  /** What stands behind instances. @default machines that start at once and do nothing */
  hardware?: Hardware
  /** How long machines and networks take over changes. @default as DEFAULT_DURATIONS says */
  durations?: Partial<Durations>
  /** Answers at the public addresses of instances. @default nothing listens there */
  web?: Web
  /** Connects to the public addresses of instances. @default TLS there is answered as the cloud's */
  wire?: Wire
  /** Connect OSS to applications that want to be called back. @default Node's */
  callbackAgents?: CallbackAgents
  /** Where calls through the proxy come from. @default '198.51.100.7' */
  clientAddress?: string
  /** Whom the deploying program is: a RAM user with just these policies. @default the account */
  deployer?: { userName: string; policies: readonly RamPolicy[] }
  /** Bucket names that other accounts have. @default none */
  takenBuckets?: readonly string[]
  /**
   * Whether the account may reach the data of mainland buckets by their public names: those opened
   * since March 2025 may not. @default true
   */
  mainlandDataIsPublic?: boolean
  /** Milliseconds until other services know of a new key, role or attachment. @default 200 */
  propagationMs?: number
  /** Seconds that an instance's credentials are good for. @default 6 hours */
  instanceCredentialSeconds?: number
  /** Milliseconds after which a connection that nothing answers is cut. @default 10_000 */
  unreachableMs?: number
  /** Of faults with a probability. @default 1 */
  faultSeed?: number
}

/** A running simulated cloud. */
export interface SimulatedCloud {
  accountId: string
  /** Who deploys. */
  deployer: KeyPair
  /** PEM of the authority that the cloud's certificates are from. */
  certificate: string
  /** Certifies names for servers beside the proxy. */
  authority: CertificateAuthority
  /** Of the proxy, on 127.0.0.1. */
  proxyPort: number
  /** Names on the internet that are not the cloud's: the address or load balancer's name of each. */
  names: Map<string, string>
  account: CloudAccount
  storage: ObjectStorage
  audit: Audit
  faults: Faults
  /** What went wrong inside the simulation itself; a test ends with none. */
  failures: readonly unknown[]
  /** What a program needs in its environment to reach this cloud. */
  environment(): Record<string, string>
  /** Answers a request that came by other ways than the proxy. */
  handle: HostRouter['handle']
  /** As the metadata service hands them out; undefined for an instance that has no role. */
  roleCredentials(instanceId: string): RoleCredentials | undefined
  /** A line for each thing that is left in the account; none when it is empty. */
  leftovers(): Promise<string[]>
  close(): Promise<void>
}

/** Starts one account of a cloud of its own, with a proxy that leads to it. */
export async function startSimulatedCloud(
  options: SimulatedCloudOptions = {},
): Promise<SimulatedCloud> {
  const { accountId = '1234567890123456', clientAddress = '198.51.100.7' } = options
  const now = options.now ?? Date.now
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'simulated-cloud-')))
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => void failures.push(error)
  const audit = new Audit()
  const faults = new Faults(options.faultSeed)
  const account = new CloudAccount({
    accountId,
    accountType: options.accountType ?? 'International',
    propagationMs: options.propagationMs ?? 200,
    instanceCredentialSeconds: options.instanceCredentialSeconds ?? 6 * 60 * 60,
    hardware: options.hardware ?? IDLE_HARDWARE,
    durations: options.durations ?? {},
    now,
  })
  const deployer = account.addDeployer(options.deployer)
  const common = { accountId, credentials: account.credentials, audit, faults, now, onFailure }
  const storage = new ObjectStorage({
    ...common,
    dir: join(dir, 'oss'),
    takenBuckets: new Set(options.takenBuckets),
    callbackAgents: options.callbackAgents,
    mainlandDataIsPublic: options.mainlandDataIsPublic ?? true,
  })
  const names = new Map<string, string>()
  const router = new HostRouter({
    ...common,
    account,
    storage,
    web: options.web,
    wire: options.wire,
    names,
    unreachableMs: options.unreachableMs ?? 10_000,
  })
  const authority = new CertificateAuthority()
  const certificateFile = join(dir, 'ca.pem')
  await mkdir(dir, { recursive: true })
  await writeFile(certificateFile, authority.certificate)
  const proxy = await startProxy({
    authority,
    connects: (host) => router.isReachable(host, 'internet'),
    tunnel: (host) => router.tunnel(host, clientAddress),
    onRefused: (host) => router.recordRefused(host, clientAddress),
    handle: (request: IncomingMessage, response: ServerResponse, { host, secure }) =>
      router.handle(request, response, { host, secure, clientAddress, network: 'internet' }),
  })
  return {
    accountId,
    deployer,
    certificate: authority.certificate,
    authority,
    proxyPort: proxy.port,
    names,
    account,
    storage,
    audit,
    faults,
    failures,
    environment: () => ({
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      NO_PROXY: '127.0.0.1,localhost',
      SSL_CERT_FILE: certificateFile,
      NODE_EXTRA_CA_CERTS: certificateFile,
      ALICLOUD_ACCESS_KEY: deployer.accessKeyId,
      ALICLOUD_SECRET_KEY: deployer.accessKeySecret,
    }),
    handle: (request, response, from) => router.handle(request, response, from),
    roleCredentials: (instanceId) => account.roleCredentials(instanceId),
    leftovers: async () => [...(await storage.leftovers()), ...account.leftovers()],
    close: async () => {
      account.close()
      await proxy.close()
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}

const IDLE_HARDWARE: Hardware = {
  start: async () => {},
  stop: async () => {},
  remove: async () => {},
  route: async () => {},
}
