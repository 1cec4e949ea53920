import type { RamPolicy } from '@oss-direct-upload/embedded-oss'
import { ActionError, type Product } from './action.ts'
import type { BillingOptions } from './billing.ts'
import { REGIONS } from './catalogue/regions.ts'
import { type Compute, createCompute } from './compute.ts'
import type { Durations } from './durations.ts'
import type { BalancerPlan, Hardware, IngressRule } from './hardware.ts'
import { ramProduct } from './products.ts'
import { quotaCenterProduct } from './quota-center.ts'
import { newAccessKey, newEntityId, RamDirectory } from './ram/ram-directory.ts'
import { resourceManagerProduct } from './ram/service-linked-roles.ts'
import { Credentials } from './sts/credentials.ts'
import { type RoleSession, RoleSessions } from './sts/role-sessions.ts'
import { stsProduct } from './sts/sts.ts'
import { secondText } from './time-text.ts'

export interface CloudAccountOptions {
  accountId: string
  accountType: BillingOptions['accountType']
  /** Milliseconds until other services know of a new key, role or attachment. */
  propagationMs: number
  /** Milliseconds until RAM's own calls on a new user find it. */
  userLagMs: number
  /** Whether new disks are encrypted, also without being asked for. */
  encryptsDisks: boolean
  /** Lifetime of an instance's credentials. */
  instanceCredentialSeconds: number
  hardware: Hardware
  /** How long changes take. @default DEFAULT_DURATIONS */
  durations: Partial<Durations>
  now(): number
}

/** Temporary credentials from the metadata service. */
export interface RoleCredentials {
  AccessKeyId: string
  AccessKeySecret: string
  SecurityToken: string
  /** ISO 8601. */
  Expiration: string
  /** ISO 8601. */
  LastUpdated: string
  Code: 'Success'
}

/** An account without its buckets. */
export class CloudAccount implements BillingOptions {
  readonly accountType: BillingOptions['accountType']
  readonly directory: RamDirectory
  readonly credentials: Credentials
  readonly ram: Product
  readonly resourceManager: Product
  readonly sts: Product
  readonly quotaCenter: Product
  readonly #options: CloudAccountOptions
  readonly #sessions = new RoleSessions()
  readonly #compute = new Map<string, Compute>()
  readonly #instanceSessions = new Map<string, { session: RoleSession; since: number }>()

  constructor(options: CloudAccountOptions) {
    this.#options = options
    this.accountType = options.accountType
    this.directory = new RamDirectory(options)
    this.credentials = new Credentials(this.directory, this.#sessions)
    this.ram = ramProduct(this.directory)
    this.resourceManager = resourceManagerProduct(this.directory)
    this.sts = stsProduct(this.directory, this.#sessions)
    this.quotaCenter = quotaCenterProduct((region) => this.compute(region))
  }

  /**
   * Creates the key of the deployer, known to all services at once.
   *
   * @param user @default the account itself
   */
  addDeployer(user?: { userName: string; policies: readonly RamPolicy[] }) {
    const key = newAccessKey(0)
    if (!user) {
      this.directory.rootKeys.push(key)
      return key
    }
    const now = this.#options.now()
    const attachments = user.policies.map((policy, index) => {
      const policyName = `${user.userName}-${index + 1}`
      this.directory.customPolicies.set(policyName, permanentPolicy(policyName, policy, now))
      return { policyName, policyType: 'Custom' as const, since: 0 }
    })
    this.directory.users.set(user.userName, {
      userId: newEntityId('2'),
      userName: user.userName,
      displayName: user.userName,
      mobilePhone: '',
      email: '',
      comments: '',
      created: now,
      updated: now,
      keys: [key],
      attachments,
      permanent: true,
    })
    return key
  }

  /** Returns the products of a region. @throws ActionError for an unknown region */
  computeProducts(region: string): readonly Product[] {
    return this.compute(region).products
  }

  /** Returns the state of a region. @throws ActionError for an unknown region */
  compute(region: string): Compute {
    if (!REGIONS.some(({ id }) => id === region)) {
      throw new ActionError(
        404,
        'InvalidRegionId.NotFound',
        `The specified RegionId does not exist: "${region}"`,
      )
    }
    let compute = this.#compute.get(region)
    if (!compute) {
      const { accountId, hardware, now, propagationMs, durations, encryptsDisks } = this.#options
      compute = createCompute({
        accountId,
        region,
        now,
        hardware,
        roles: {
          trustsEcs: (roleName) => this.directory.trustsEcs(roleName, now()),
          exists: (roleName) => this.directory.findRole(roleName, now()) !== undefined,
          isLinked: (serviceName) => this.directory.serviceLinkedRoles.has(serviceName),
        },
        consistencyMs: propagationMs,
        durations,
        encryptsDisks,
      })
      this.#compute.set(region, compute)
    }
    return compute
  }

  hourlyPrice(instanceType: string, region: string): number | undefined {
    return this.compute(region).catalogue.instanceType(instanceType)?.hourlyPrice
  }

  /** Finds the instance behind a public address in all regions. */
  publicRoute(eip: string): { instanceId: string; rules: readonly IngressRule[] } | undefined {
    for (const compute of this.#compute.values()) {
      const route = compute.publicRoute(eip)
      if (route) return route
    }
    return undefined
  }

  /** Finds what the load balancer of a name does in all regions. */
  balancer(dnsName: string): BalancerPlan | undefined {
    for (const compute of this.#compute.values()) {
      const plan = compute.balancing.find(dnsName)
      if (plan) return plan
    }
    return undefined
  }

  /** Whether the hardware has load balancers that answer at their addresses. */
  get balancesByHardware(): boolean {
    return this.#options.hardware.balance !== undefined
  }

  /** Ends loops such as health checks. */
  close(): void {
    for (const compute of this.#compute.values()) compute.close()
  }

  /** Returns the credentials of an instance's role; new ones after half of their lifetime. */
  roleCredentials(instanceId: string): RoleCredentials | undefined {
    const now = this.#options.now()
    const roleName = [...this.#compute.values()]
      .map((compute) => compute.instanceRole(instanceId))
      .find((name) => name !== undefined)
    const role = roleName === undefined ? undefined : this.directory.findRole(roleName, now)
    if (!role || !this.directory.trustsEcs(role.roleName, now)) return undefined
    const seconds = this.#options.instanceCredentialSeconds
    let held = this.#instanceSessions.get(instanceId)
    const isStale = held && now >= held.since + seconds * 500
    if (!held || isStale || held.session.roleId !== role.roleId) {
      held = { session: this.#sessions.begin(role, instanceId, seconds, now), since: now }
      this.#instanceSessions.set(instanceId, held)
    }
    const { accessKeyId, accessKeySecret, securityToken, expiration } = held.session
    return {
      AccessKeyId: accessKeyId,
      AccessKeySecret: accessKeySecret,
      SecurityToken: securityToken,
      Expiration: secondText(expiration),
      LastUpdated: secondText(held.since),
      Code: 'Success',
    }
  }

  /** Lists what is left, a line each, without what was there from the start. */
  leftovers(): string[] {
    const { users, roles, customPolicies } = this.directory
    return [
      ...[...users.values()]
        .filter(({ permanent }) => !permanent)
        .flatMap(({ userName, keys }) => [
          `RAM user ${userName}`,
          ...keys.map(({ accessKeyId }) => `RAM access key ${accessKeyId} of ${userName}`),
        ]),
      ...[...roles.keys()].map((name) => `RAM role ${name}`),
      ...[...customPolicies.values()]
        .filter(({ permanent }) => !permanent)
        .map(({ policyName }) => `RAM policy ${policyName}`),
      ...[...this.#compute.values()].flatMap((compute) => compute.leftovers()),
    ]
  }
}

function permanentPolicy(policyName: string, policy: RamPolicy, now: number) {
  const version = { versionId: 'v1', document: JSON.stringify(policy), policy, created: now }
  return {
    policyName,
    policyType: 'Custom' as const,
    description: '',
    versions: [version],
    defaults: [{ version, since: 0 }],
    lastVersion: 1,
    created: now,
    updated: now,
    tags: new Map<string, string>(),
    permanent: true,
  }
}
