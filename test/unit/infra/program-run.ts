import * as pulumi from '@pulumi/pulumi'
import { afterEach, vi } from 'vitest'
import { type Registration, recordRegistrations, resolved, settled } from './registrations.ts'

// Vite would change the text of a dynamic resource's functions, which the engine stores.
vi.mock(
  '../../../infra/storage/bucket-contents.ts',
  () => import('./dynamic/bucket-contents-stand-in.ts'),
)
vi.mock('../../../infra/ram/token-secret.ts', () => import('./dynamic/token-secret-stand-in.ts'))
vi.mock('../../../infra/release/pack/pack-release.ts')
vi.mock('../../../infra/fleet/service-linked-roles.ts')
vi.mock('../../../infra/quotas/check-quotas.ts')
vi.mock('../../../infra/ram/settled-user.ts', () => import('./settled-user-stand-in.ts'))
vi.mock('../../../infra/identity/environment-proxy.ts', () => import('./fetch-host-stand-in.ts'))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** The secrets of a run: the first two come out of resources, the others are for the configuration. */
export const SECRETS = {
  key: 'key-of-the-uploader',
  token: 'key-of-the-tokens',
  password: 'Swordfish-7',
  code: 'open-sesame',
}

/** Address and domain of a fleet. */
export const LOAD_BALANCER = 'alb-x.ap-southeast-1.alb.aliyuncsslbintl.com'
export const DOMAIN = 'photos.example'

export interface ProgramRun {
  recorded: Registration[]
  outputs: Record<string, pulumi.Output<unknown>>
  /** URLs that were fetched, each with ` as ` and the Host header where that differs. */
  requests: string[]
}

export interface RunOptions {
  /** @default false */
  preview?: boolean
  /** @default 'ap-southeast-1' */
  region?: string
}

/**
 * Runs the program, as the stack `dev` of the project `shop`, on a cloud with one instance type on
 * stock in two zones, where the page answers with the release of the instance. Importing this file
 * replaces what cannot run in a test.
 *
 * @throws what the program throws
 */
export async function runProgram(
  config: Record<string, string> = {},
  { preview = false, region = 'ap-southeast-1' }: RunOptions = {},
): Promise<ProgramRun> {
  const { packOwnApp, packOwnRuntime } = await import('../../../infra/release/pack/pack-release.ts')
  vi.mocked(packOwnApp).mockResolvedValue({ path: '/here/app.tar', sha256: 'a'.repeat(64) })
  vi.mocked(packOwnRuntime).mockResolvedValue({ path: '/here/node.tgz', sha256: 'b'.repeat(64) })
  const recorded = await recordRegistrations({
    preview,
    calls: {
      'alicloud:alb/getZones:getZones': () => ({
        zones: ['a', 'b', 'c', 'd'].map((letter) => ({ zoneId: `${region}${letter}` })),
      }),
      'alicloud:index/getAccount:getAccount': () => ({ id: '1234567890123456' }),
      'alicloud:ecs/getImages:getImages': () => ({ images: [{ imageId: 'debian_13_6_x64' }] }),
      'alicloud:ecs/getInstanceTypes:getInstanceTypes': ({ sortedBy }) => ({
        instanceTypes: [
          {
            id: 'ecs.e-c1m1.large',
            cpuCoreCount: 2,
            memorySize: 2,
            availabilityZones: [`${region}b`, `${region}d`],
            ...(sortedBy === 'Price' ? { price: '0.0150' } : {}),
          },
        ],
      }),
    },
    outputs: {
      'alicloud:alb/loadBalancer:LoadBalancer': () => ({ dnsName: LOAD_BALANCER }),
      'alicloud:ecs/eipAddress:EipAddress': () => ({ ipAddress: '203.0.113.10' }),
      'alicloud:ram/accessKey:AccessKey': () => ({ secret: SECRETS.key }),
      'pulumi-nodejs:dynamic:TokenSecret': () => ({ value: SECRETS.token }),
    },
  })
  const requests: string[] = []
  vi.stubGlobal('fetch', async (url: string) => {
    requests.push(url)
    return /\/healthz( as |$)/.test(url)
      ? Response.json({
          status: 'ok',
          release: releaseOf(recorded),
          instance: `i${requests.length}`,
        })
      : new Response('<html>')
  })
  const own = Object.entries(config).map(([key, value]) => [`shop:${key}`, value])
  pulumi.runtime.setAllConfig({ 'alicloud:region': region, ...Object.fromEntries(own) })
  vi.resetModules()
  const exported = Object.entries(await import('../../../infra/index.ts'))
  // The engine leaves out what is undefined.
  const outputs = Object.fromEntries(
    exported.filter(([, output]) => output !== undefined),
  ) as ProgramRun['outputs']
  await settled()
  // The page is requests for until it answers.
  await Promise.all(Object.values(outputs).map(resolved))
  return { recorded, outputs, requests }
}

function releaseOf(recorded: readonly Registration[]): string | undefined {
  const types = [
    'alicloud:ecs/instance:Instance',
    'alicloud:ess/scalingConfiguration:ScalingConfiguration',
  ]
  const instance = recorded.find(({ type }) => types.includes(type))
  return /RELEASE="?([0-9a-f]{12})/.exec(String(instance?.inputs.userData))?.[1]
}
