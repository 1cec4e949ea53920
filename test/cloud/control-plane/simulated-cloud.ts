import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallbackAgents, RamPolicy } from '@oss-direct-upload/embedded-oss'
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
  /** Runs the instances. @default machines that start at once and do nothing */
  hardware?: Hardware
  /** How long changes take. @default DEFAULT_DURATIONS */
  durations?: Partial<Durations>
  /** Answers HTTP requests to instances. @default nothing listens */
  web?: Web
  /** Connects to instances that answer TLS. @default the cloud answers TLS at their addresses */
  wire?: Wire
  /** Agents for callbacks of OSS. @default Node's */
  callbackAgents?: CallbackAgents
  /** Client address of calls through the proxy. @default '198.51.100.7' */
  clientAddress?: string
  /** Makes the deployer a RAM user with these policies alone. @default the account */
  deployer?: { userName: string; policies: readonly RamPolicy[] }
  /** Bucket names of other accounts. @default none */
  takenBuckets?: readonly string[]
  /**
   * Whether the account may access data in mainland buckets by public endpoints: accounts opened
   * since March 2025 may not. @default true
   */
  mainlandDataIsPublic?: boolean
  /** Milliseconds until other services know of a new key, role or attachment. @default 200 */
  propagationMs?: number
  /** Milliseconds until AttachPolicyToUser and CreateAccessKey find a new user. @default 1000 */
  userLagMs?: number
  /** Whether the account encrypts new disks by default. @default false */
  encryptsDisks?: boolean
  /** Lifetime of an instance's credentials. @default 6 hours */
  instanceCredentialSeconds?: number
  /** Timeout of connections that nothing answers. @default 10_000 */
  unreachableMs?: number
  /** Seed of faults with a probability. @default 1 */
  faultSeed?: number
}

/** A running simulated cloud. */
export interface SimulatedCloud {
  accountId: string
  /** Key of the deployer. */
  deployer: KeyPair
  /** PEM of the cloud's certificate authority. */
  certificate: string
  /** Issues certificates for servers beside the proxy. */
  authority: CertificateAuthority
  /** Of the proxy, on 127.0.0.1. */
  proxyPort: number
  /** DNS records outside the cloud: the address or load balancer's name that a name leads to. */
  names: Map<string, string>
  account: CloudAccount
  storage: ObjectStorage
  audit: Audit
  faults: Faults
  /** Errors of the simulation itself; a test expects none. */
  failures: readonly unknown[]
  /** Environment variables with which a program reaches this cloud. */
  environment(): Record<string, string>
  /** Answers a request that did not come by the proxy. */
  handle: HostRouter['handle']
  /** Credentials from the metadata service; undefined for an instance without a role. */
  roleCredentials(instanceId: string): RoleCredentials | undefined
  /** Lists what is left in the account, a line each. */
  leftovers(): Promise<string[]>
  close(): Promise<void>
}

/** Starts a simulated cloud with one account, and a proxy that leads to it. */
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
    userLagMs: options.userLagMs ?? 1000,
    encryptsDisks: options.encryptsDisks ?? false,
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
