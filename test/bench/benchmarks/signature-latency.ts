import { join } from 'node:path'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { fixedRate } from '../load/fixed-rate.ts'
import { answerOf, connectTo, type SignerProcess, startSigner } from '../load/signer-process.ts'
import { median, percentile, ratioOf } from '../statistics.ts'

const CONNECTIONS = 32

interface Latency {
  /** Requests per second, 80 % of the highest rate. */
  rate: number
  /** Milliseconds since a request was due. */
  p50: number
  /** Milliseconds since a request was due. */
  p99: number
}

/** Measures the latency of signatures at 80 % of each server's highest rate. */
export const signatureLatency: Benchmark = {
  name: 'signature-latency',
  async run(context) {
    const log = join(context.folder, 'signers.log')
    const ours = await startSigner('ours', { log })
    const body = await answerOf(ours)
    const bare = await startSigner('bare-express', { log, body })
    try {
      const rounds: [Latency, Latency][] = []
      for (const process of [ours, bare]) await highestRate(process, context)
      for (let round = 0; round < (context.quick ? 1 : 5); round += 1) {
        context.report('Latency of this project and of bare Express, each at its own 80 %')
        rounds.push([await latency(ours, context), await latency(bare, context)])
      }
      return [line('p50', rounds), line('p99', rounds)]
    } finally {
      ours.stop()
      bare.stop()
    }
  },
}

function line(which: 'p50' | 'p99', rounds: readonly [Latency, Latency][]): Result {
  const [mine, theirs] = [rounds.map(([ours]) => ours), rounds.map(([, bare]) => bare)]
  const text = (all: readonly Latency[]): string => {
    const rate = median(all.map((each) => each.rate)).toFixed(0)
    return `${median(all.map((each) => each[which])).toFixed(1)} ms at ${rate}/s`
  }
  return {
    name: `signature-latency/${which}`,
    what: `${which} at 80 % of the highest steady load`,
    against: 'bare Express 5, at its own 80 %',
    ours: text(mine),
    theirs: text(theirs),
    ratio: ratioOf(
      mine.map((each) => each[which]),
      theirs.map((each) => each[which]),
    ),
    ...(which === 'p99' ? { goal: { atMost: 2 } } : {}),
  }
}

async function latency(process: SignerProcess, context: Context): Promise<Latency> {
  const rate = Math.round((await highestRate(process, context)) * 0.8)
  const connections = await connectTo(process, CONNECTIONS * 4)
  const times = await fixedRate(connections, rate, context.quick ? 2 : 5)
  for (const connection of connections) connection.close()
  return { rate, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

/** Returns the requests per second over connections that are never idle. */
async function highestRate(process: SignerProcess, { quick }: Context): Promise<number> {
  const connections = await connectTo(process, CONNECTIONS)
  const { requests, seconds } = await closedLoop(connections, quick ? 5000 : 20_000)
  for (const connection of connections) connection.close()
  return requests / seconds
}
