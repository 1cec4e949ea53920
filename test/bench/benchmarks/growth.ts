import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { type Curve, type Limit, renderGrowth } from '../growth-picture.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { postForm } from '../load/form-upload.ts'
import { OpenSocketsAgent, openSockets } from '../load/open-sockets.ts'
import { answerOf, connectTo, type SignerProcess, startSigner } from '../load/signer-process.ts'
import { percentile } from '../statistics.ts'
import { ours } from '../stores/ours.ts'
import type { RunningStore } from '../stores/store.ts'

const CLIENTS = [1, 10, 100, 1000, 10_000]
const PICTURE = fileURLToPath(new URL('../../../docs/growth.svg', import.meta.url))
const UPLOAD_BYTES = 64 * 1024
/** Signatures that an instance's bandwidth allows; derived in docs/benchmarks.md. */
const BANDWIDTH: readonly Limit[] = [
  { perSecond: 7200, title: 'limit of a small instance: 200 Mbit/s' },
  { perSecond: 180, title: 'default: 5 Mbit/s' },
]

/** Measures signatures and uploads with increasing numbers of clients; draws docs/growth.svg. */
export const growth: Benchmark = {
  name: 'growth',
  async run(context) {
    const signatures = await signatureGrowth(context)
    const uploads = await uploadGrowth(context)
    if (!context.quick) await writeFile(PICTURE, renderGrowth([signatures, uploads], BANDWIDTH))
    return [...lines('signature', signatures), ...lines('upload', uploads)]
  },
}

function lines(what: string, { points }: Curve): Result[] {
  return points.map(({ clients, perSecond, p99Ms, failure }) => ({
    name: `growth/${what}-${clients}`,
    what: `${what}s with ${clients.toLocaleString('en')} concurrent clients`,
    against: '-',
    ...(failure === undefined
      ? { ours: `${perSecond.toFixed(0)}/s, p99 ${p99Ms.toFixed(0)} ms` }
      : { missing: failure }),
  }))
}

async function signatureGrowth({ folder, quick, report }: Context): Promise<Curve> {
  const process = await startSigner('ours', { log: join(folder, 'growth.log') })
  const points: Curve['points'] = []
  try {
    await answerOf(process)
    for (const clients of CLIENTS) {
      report(`Signatures for ${clients} concurrent clients`)
      points.push(await signaturePoint(process, clients, quick))
    }
  } finally {
    process.stop()
  }
  return { title: 'signatures', points }
}

async function signaturePoint(process: SignerProcess, clients: number, quick: boolean) {
  const point = { clients, perSecond: 0, p99Ms: 0 }
  try {
    const connections = await connectTo(process, clients)
    try {
      const total = Math.max(clients * 2, quick ? 2000 : 20_000)
      const { seconds, failed, p99Ms } = await closedLoop(connections, total)
      if (failed > 0) return { ...point, failure: `${failed} of ${total} requests failed` }
      return { ...point, perSecond: total / seconds, p99Ms }
    } finally {
      for (const connection of connections) connection.close()
    }
  } catch (error) {
    return { ...point, failure: notReached(error) }
  }
}

async function uploadGrowth({ folder, quick, report }: Context): Promise<Curve> {
  const dir = join(folder, 'growth')
  await mkdir(dir, { recursive: true })
  const store = await ours.start(dir, report)
  const points: Curve['points'] = []
  try {
    for (const clients of CLIENTS) {
      report(`Uploads of 64 KB by ${clients} concurrent clients`)
      points.push(await uploadPoint(store, clients, quick))
    }
  } finally {
    await store.stop()
  }
  return { title: 'uploads of 64 KB', points }
}

async function uploadPoint(store: RunningStore, clients: number, quick: boolean) {
  const point = { clients, perSecond: 0, p99Ms: 0 }
  const total = Math.max(clients, quick ? 200 : 2000)
  const forms = Array.from({ length: total }, (_, n) =>
    store.fields(`${clients}/${n}`, UPLOAD_BYTES),
  )
  const times: number[] = []
  let agent: OpenSocketsAgent | undefined
  try {
    const sockets = await openSockets(Number(new URL(store.url).port), clients)
    const connected = new OpenSocketsAgent(sockets)
    agent = connected
    const began = performance.now()
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let form = forms.pop(); form !== undefined; form = forms.pop()) {
          times.push(await postForm(store.url, form, UPLOAD_BYTES, connected))
        }
      }),
    )
    const seconds = (performance.now() - began) / 1000
    return { ...point, perSecond: total / seconds, p99Ms: percentile(times, 0.99) * 1000 }
  } catch (error) {
    return { ...point, failure: notReached(error) }
  } finally {
    agent?.destroy()
  }
}

function notReached(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const why =
    code === 'EMFILE' ? 'each client needs an open file, and `ulimit -n` allows too few' : message
  return `Not reached on this machine: ${why}`
}
