import { join } from 'node:path'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { answerOf, connectTo, type SignerProcess, startSigner } from '../load/signer-process.ts'
import { interleave, median, ratioOf } from '../statistics.ts'

const CONNECTIONS = 10

const RIVALS = [
  { signer: 'bare-express', against: 'bare Express 5, constant JSON, no ETag', atMost: 2.2 },
  { signer: 'companion', against: 'Uppy Companion, GET /s3/params', atMost: 0.1 },
  { signer: 'ali-oss', against: 'ali-oss calculatePostSignature, same middleware', atMost: 1 },
  {
    signer: 'stock-middleware',
    against: 'helmet, pino-http, rate limit by default, constant JSON',
  },
] as const

interface Runner {
  name: string
  process: SignerProcess
  requests: number
}

/** Measures the CPU time of all server threads for a signature. */
export const signatureCpu: Benchmark = {
  name: 'signature-cpu',
  async run(context) {
    const log = join(context.folder, 'signers.log')
    const runners: Runner[] = []
    try {
      const ours = await start('ours', log, context)
      runners.push(ours)
      const body = await answerOf(ours.process)
      for (const { signer } of RIVALS) runners.push(await start(signer, log, context, body))
      for (const runner of runners) {
        context.report(`Warming up ${runner.name}`)
        await requestAll(runner, runner.requests * (context.quick ? 4 : 10))
      }
      context.report('Measuring CPU per signature, all servers in turn')
      const figures = await interleave(runners, context.quick ? 5 : 15, (runner) =>
        requestAll(runner, runner.requests),
      )
      const mine = figures.get(ours) ?? []
      return RIVALS.map((rival, index): Result => {
        const theirs = figures.get(runners[index + 1] as Runner) ?? []
        return {
          name: `signature-cpu/${rival.signer}`,
          what: 'server CPU per signature',
          against: rival.against,
          ours: `${median(mine).toFixed(0)} us`,
          theirs: `${median(theirs).toFixed(0)} us`,
          ratio: ratioOf(mine, theirs),
          ...('atMost' in rival ? { goal: { atMost: rival.atMost } } : {}),
        }
      })
    } finally {
      for (const { process } of runners) process.stop()
    }
  },
}

async function start(
  name: string,
  log: string,
  { quick }: Context,
  body?: string,
): Promise<Runner> {
  const process = await startSigner(name, { log, ...(body === undefined ? {} : { body }) })
  await answerOf(process)
  const requests = (quick ? 1000 : 3000) / (name === 'companion' ? 5 : 1)
  return { name, process, requests }
}

/** Sends requests. @returns Microseconds of server CPU for each */
async function requestAll({ name, process }: Runner, requests: number): Promise<number> {
  // New connections each time, because servers close those that are idle during the others' turn.
  const connections = await connectTo(process, CONNECTIONS)
  const before = await process.usage()
  const { failed } = await closedLoop(connections, requests)
  const after = await process.usage()
  for (const connection of connections) connection.close()
  if (failed > 0) throw new Error(`${failed} of ${requests} requests to ${name} failed`)
  return (after.cpuMicroseconds - before.cpuMicroseconds) / requests
}
