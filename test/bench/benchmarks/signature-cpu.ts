import { join } from 'node:path'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { closedLoop } from '../load/closed-loop.ts'
import type { Connection } from '../load/connection.ts'
import { fixedRate } from '../load/fixed-rate.ts'
import { FILES_PER_REQUEST, postSignatures } from '../load/many-signatures.ts'
import { answerOf, connectTo, type SignerProcess, startSigner } from '../load/signer-process.ts'
import { interleave, median, ratioOf } from '../statistics.ts'

const CONNECTIONS = 10

/**
 * Requests a second, for servers that are compared at the same rate. At full load the faster server
 * answers several requests each time it wakes up and wakes its client less often, so that the kernel's
 * share of a request differs as well.
 */
const RATE = 4000

const BARE_EXPRESS = 'bare Express 5, constant JSON, no ETag'

const RIVALS = [
  { signer: 'bare-express', against: `${BARE_EXPRESS}, at full load` },
  { signer: 'companion', against: 'Uppy Companion, GET /s3/params' },
  { signer: 'ali-oss', against: 'ali-oss calculatePostSignature, same middleware' },
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
      const bare = runners[1] as Runner
      context.report(`Measuring CPU per signature at ${RATE} a second`)
      const atRate = await interleave([ours, bare], context.quick ? 5 : 15, requestAtRate)
      context.report('Measuring CPU per file of POST /signatures')
      await cpuOfMany(ours.process)
      const many = await interleave([ours.process], context.quick ? 5 : 15, cpuOfMany)
      return [
        {
          ...resultOf('many', many.get(ours.process) ?? [], mine),
          what: `server CPU per file, POST /signatures with ${FILES_PER_REQUEST} files`,
          against: 'GET /signature, at full load',
        },
        {
          ...resultOf('same-rate', atRate.get(ours) ?? [], atRate.get(bare) ?? []),
          against: `${BARE_EXPRESS}, both at ${RATE}/s`,
          goal: { atMost: 2.2 },
        },
        ...RIVALS.map(({ signer, against }, index): Result => {
          const theirs = figures.get(runners[index + 1] as Runner) ?? []
          return { ...resultOf(signer, mine, theirs), against }
        }),
      ]
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

function resultOf(
  rival: string,
  ours: readonly number[],
  theirs: readonly number[],
): Omit<Result, 'against'> {
  return {
    name: `signature-cpu/${rival}`,
    what: 'server CPU per signature',
    ours: `${median(ours).toFixed(0)} us`,
    theirs: `${median(theirs).toFixed(0)} us`,
    ratio: ratioOf(ours, theirs),
  }
}

/** Sends requests as fast as they are answered. @returns Microseconds of server CPU for each */
function requestAll({ name, process }: Runner, requests: number): Promise<number> {
  return cpuOf(process, async (connections) => {
    const { failed } = await closedLoop(connections, requests)
    if (failed > 0) throw new Error(`${failed} of ${requests} requests to ${name} failed`)
    return requests
  })
}

/** Sends requests at RATE for a second. @returns Microseconds of server CPU for each */
function requestAtRate({ process }: Runner): Promise<number> {
  return cpuOf(process, async (connections) => (await fixedRate(connections, RATE, 1)).length)
}

/** @returns Microseconds of server CPU for each file of a request for many */
async function cpuOfMany(process: SignerProcess): Promise<number> {
  const requests = 50
  const before = await process.usage()
  await postSignatures(process, requests)
  const after = await process.usage()
  return (after.cpuMicroseconds - before.cpuMicroseconds) / (requests * FILES_PER_REQUEST)
}

/** @param send Sends requests and returns their number @returns Microseconds of server CPU for each */
async function cpuOf(
  process: SignerProcess,
  send: (connections: Connection[]) => Promise<number>,
): Promise<number> {
  // New connections each time, because servers close those that are idle during the others' turn.
  const connections = await connectTo(process, CONNECTIONS)
  const before = await process.usage()
  const requests = await send(connections)
  const after = await process.usage()
  for (const connection of connections) connection.close()
  return (after.cpuMicroseconds - before.cpuMicroseconds) / requests
}
