import { join } from 'node:path'
import { type SimulatedCloud, startSimulatedCloud } from 'simulated-cloud'
import { Datacenter } from '../../cloud/machine/datacenter.ts'
import { whyNoMachine } from '../../cloud/machine/host.ts'
import { FakePage } from '../../cloud/stack/fake-page.ts'
import { StackProject } from '../../cloud/stack/stack-project.ts'
import { ToolchainError } from '../../cloud/toolchain/go-program.ts'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { firstBoot, type Userland } from '../stack/first-boot.ts'
import { bringUp } from '../stack/up-run.ts'
import { interleave, median } from '../statistics.ts'

const REGION = 'ap-southeast-1'

const BOOT: Result = {
  name: 'stack/boot',
  what: 'instance, power on to first 200',
  against: 'the same userland, empty cloud-config, to login',
  unit: 's more',
  goal: { atMost: 5 },
}

const UP: Result = {
  name: 'stack/up',
  what: 'pulumi up',
  against: 'the critical path of its own API waits',
  goal: { atMost: 1.3 },
}

/** Measures `pulumi up` in the simulated cloud, and the boot of an instance with its user data. */
export const stack: Benchmark = {
  name: 'stack',
  async run(context) {
    const page = new FakePage()
    const cloud = await startSimulatedCloud({ hardware: page, web: page.web })
    const log = join(context.folder, 'engine.log')
    const environment = { ...cloud.environment(), PULUMI_DEBUG_GRPC: log }
    try {
      const project = await StackProject.create({ environment })
      try {
        return [await up(project, log, context), await boot(cloud, page, project, context)]
      } finally {
        await project.remove()
      }
    } catch (error) {
      if (!(error instanceof ToolchainError)) throw error
      return [BOOT, UP].map((result) => ({ ...result, missing: error.message }))
    } finally {
      await cloud.close()
    }
  },
}

/** Deploys several times. The stack stays deployed. */
async function up(project: StackProject, log: string, context: Context): Promise<Result> {
  const [ours, theirs, ratios]: number[][] = [[], [], []]
  // The first round builds the app and is not counted.
  for (let round = 0; round <= (context.quick ? 1 : 3); round += 1) {
    if (round > 0) await project.destroy()
    const { seconds, path, times } = await bringUp(project, log)
    context.report(`pulumi up: ${seconds.toFixed(1)} s: ${times}`)
    if (round === 0) continue
    ours?.push(seconds)
    theirs?.push(path.milliseconds / 1000)
    ratios?.push(seconds / (path.milliseconds / 1000))
  }
  return {
    ...UP,
    ours: `${median(ours ?? []).toFixed(1)} s`,
    theirs: `${median(theirs ?? []).toFixed(1)} s`,
    ratio: median(ratios ?? []),
  }
}

async function boot(
  cloud: SimulatedCloud,
  page: FakePage,
  project: StackProject,
  context: Context,
): Promise<Result> {
  const missing = whyNoMachine()
  if (missing !== undefined) return { ...BOOT, missing }
  const { EcsInstanceId: instanceId = '' } = await project.outputs()
  const ours: Userland = {
    name: 'ours',
    userData: page.userData(instanceId),
    port: 80,
    request: 'GET / HTTP/1.0\r\nHost: page\r\n\r\n',
    response: 'HTTP/1.1 200 ',
  }
  const empty: Userland = {
    name: 'empty',
    userData: '#cloud-config\n',
    port: 22,
    request: '',
    response: 'SSH-2.0',
  }
  const datacenter = await Datacenter.open(context.report)
  try {
    const { accountId, certificate, authority } = cloud
    const roleName = cloud.account.compute(REGION).instanceRole(instanceId) ?? ''
    await datacenter.attach({
      accountId,
      certificate,
      issue: (host) => authority.issue(host),
      handle: (request, response, from) => cloud.handle(request, response, from),
      // Machines with the same user data need the same permissions.
      roleCredentials: () => {
        const document = cloud.roleCredentials(instanceId)
        return document && { roleName, document }
      },
    })
    const measured = await interleave([ours, empty], context.quick ? 1 : 5, async (userland) => {
      const { seconds, times } = await firstBoot(datacenter, userland)
      context.report(`${userland.name}: ${seconds.toFixed(1)} s: ${times}`)
      return seconds
    })
    const [page200, login] = [median(measured.get(ours) ?? []), median(measured.get(empty) ?? [])]
    return {
      ...BOOT,
      ours: `${page200.toFixed(1)} s`,
      theirs: `${login.toFixed(1)} s`,
      ratio: page200 - login,
    }
  } finally {
    await datacenter.close()
  }
}
