import * as pulumi from '@pulumi/pulumi'
import { afterEach, expect, test, vi } from 'vitest'
import { consoleOutput } from '../../../infra/readiness/console-output.ts'
import {
  loginAddress,
  type ServerReadinessInput,
  urlWhenReady,
  waitForServer,
} from '../../../infra/readiness/server-readiness.ts'
import { type FakeTools, fakeTools } from './poll-tools.ts'
import { recordRegistrations, resolved, unknown } from './registrations.ts'

const input: ServerReadinessInput = {
  url: 'http://203.0.113.10',
  address: '203.0.113.10',
  release: '0123456789ab',
  region: 'ap-southeast-1',
  instanceId: 'i-1',
  minutes: 2,
}
const healthy = (release = input.release): Response => Response.json({ status: 'ok', release })
const refused = (): never => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 203.0.113.10:80') })
}

type Answer = () => Response
interface Story {
  /** Answers to `GET /healthz`, one after the other; the last goes on. */
  health: Answer[]
  /** Answers to `GET /`. @default status 200 */
  page?: Answer[]
  /** Milliseconds that an answer takes. @default 0 */
  delay?: number
  /** Console output of the instance. @default the cloud does not answer */
  console?: string
}

function tools({
  health,
  page = [() => new Response('<html>')],
  delay = 0,
  console,
}: Story): FakeTools {
  const answers = { health: [...health], page: [...page] }
  const next = (list: Answer[]): Response => {
    const answer = list.length > 1 ? list.shift() : list[0]
    if (answer === undefined) throw new Error('No answer is left')
    return answer()
  }
  return fakeTools((url) => next(url.endsWith('/healthz') ? answers.health : answers.page), {
    delay,
    ...(console === undefined ? {} : { console }),
  })
}

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('It did not fail')
    },
    (error: unknown) => error as Error,
  )

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('a page that answers is ready at once', async () => {
  const fake = tools({ health: [() => healthy()] })
  await waitForServer(input, fake)
  expect(fake.requests).toEqual(['http://203.0.113.10/healthz', 'http://203.0.113.10/'])
  expect(fake.elapsed()).toBe(0)
  expect(fake.lines).toEqual([])
})

test('it waits for a page that boots, with a line every ten seconds', async () => {
  const booting = Array.from({ length: 8 }, () => refused)
  const fake = tools({ health: [...booting, () => healthy('ba9876543210'), () => healthy()] })
  await waitForServer(input, fake)
  expect(fake.elapsed()).toBe(15_500)
  expect(fake.lines).toEqual([
    'Waiting for http://203.0.113.10 (12 s): connect ECONNREFUSED 203.0.113.10:80',
  ])
})

test('the first attempts are short, because a lost connection never answers', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  const lost = Array.from({ length: 5 }, () => refused)
  await waitForServer(input, tools({ health: [...lost, () => healthy()] }))
  const given = timeout.mock.calls.map(([milliseconds]) => milliseconds)
  expect(given).toEqual([1_000, 2_000, 4_000, 10_000, 10_000, 10_000, 10_000])
})

test.each<[string, Story, string]>([
  ['nothing answers', { health: [refused] }, 'healthz: connect ECONNREFUSED 203.0.113.10:80'],
  [
    'nothing answers in time',
    {
      health: [
        () => {
          throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
        },
      ],
      delay: 10_000,
    },
    'healthz: no answer within 10 s',
  ],
  [
    'the server fails',
    { health: [() => new Response('', { status: 503 })] },
    'healthz: status 503',
  ],
  [
    'another release answers',
    { health: [() => healthy('ba9876543210')] },
    'healthz: release ba9876543210 instead of 0123456789ab',
  ],
  [
    'something else answers',
    { health: [() => new Response('<html>')] },
    'healthz: release unknown instead of 0123456789ab',
  ],
  [
    'a release that is no text answers',
    { health: [() => Response.json({ release: 12 })] },
    'healthz: release unknown instead of 0123456789ab',
  ],
  [
    'the page is missing',
    { health: [() => healthy()], page: [() => new Response('', { status: 404 })] },
    ': status 404',
  ],
])('when %s, the error contains the last answer and where to look', async (_, story, last) => {
  const fake = tools(story)
  const failure = await failureOf(waitForServer(input, fake))
  expect(failure).toBeInstanceOf(pulumi.RunError)
  expect(failure.message).toBe(
    [
      'The page does not answer at http://203.0.113.10 after 2 minutes.',
      `  Tried last: GET http://203.0.113.10/${last}`,
      '  The setting allowedCidrs has to let this machine in.',
      '  Look inside: log in at https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=ap-southeast-1&instanceId=i-1 and run',
      '    cloud-init status --long',
      '    journalctl -u oss-direct-upload',
      '  Look from outside:',
      '    aliyun ecs GetInstanceConsoleOutput --RegionId ap-southeast-1 --InstanceId i-1',
      '  Everything else is in place: `pulumi up` can be repeated, and waits again.',
    ].join('\n'),
  )
  // An answer that is being waited for is not cut short.
  expect(fake.elapsed()).toBeLessThanOrEqual(120_000 + (story.delay ?? 0))
  expect(fake.elapsed()).toBeGreaterThan(105_000)
})

const untrusted = (): never => {
  throw new TypeError('fetch failed', { cause: new Error('self-signed certificate') })
}
const secure: ServerReadinessInput = { ...input, url: 'https://203.0.113.10' }
const named: ServerReadinessInput = { ...input, url: 'https://photos.example' }
const RATE_LIMITED = 'Let us wait: too many certificates already issued'

/** A page that answers by http, and does not by https. */
function byHttpAlone(https: object | undefined, answer: () => Response): FakeTools {
  const health = Response.json({ status: 'ok', release: input.release, https })
  const fake = tools({ health: [healthy] })
  return {
    ...fake,
    fetch: async (url) => {
      await fake.fetch(url, AbortSignal.abort())
      return url === 'http://203.0.113.10/healthz' ? health.clone() : answer()
    },
  }
}

test('a page with https is requested over https alone', async () => {
  const fake = tools({ health: [() => healthy()] })
  await waitForServer(secure, fake)
  expect(fake.requests).toEqual(['https://203.0.113.10/healthz', 'https://203.0.113.10/'])
})

test('as long as it answers over http alone, the progress contains what the server says', async () => {
  const fake = byHttpAlone({ state: 'failing', problem: RATE_LIMITED }, refused)
  await failureOf(waitForServer(named, fake))
  expect(fake.requests.slice(0, 3)).toEqual([
    'https://photos.example/healthz',
    'http://203.0.113.10/healthz',
    'https://photos.example/healthz',
  ])
  expect(fake.lines[0]).toBe(
    'Waiting for https://photos.example (12 s): http://203.0.113.10 answers, but by https: ' +
      `connect ECONNREFUSED 203.0.113.10:80; ${RATE_LIMITED}; photos.example has to lead to 203.0.113.10`,
  )
})

test.each<[string, ServerReadinessInput, object | undefined, string, string[]]>([
  ['it tells of a problem', secure, { state: 'failing', problem: RATE_LIMITED }, RATE_LIMITED, []],
  [
    'it tells of a problem with a name',
    named,
    { state: 'failing', problem: 'no such name' },
    'no such name',
    ['  photos.example has to lead to 203.0.113.10: an A record, and none of type AAAA.'],
  ],
  ['it waits', secure, { state: 'pending' }, 'it waits for its certificate', []],
  ['it says nothing', secure, undefined, 'it waits for its certificate', []],
  [
    'it has one that is not trusted',
    secure,
    { state: 'serving', problem: RATE_LIMITED },
    'it has a certificate; this machine does not reach or trust it',
    [],
  ],
])(
  'without https the error tells what the server says: %s',
  async (_, requests, https, says, more) => {
    const failure = await failureOf(waitForServer(requests, byHttpAlone(https, untrusted)))
    expect(failure).toBeInstanceOf(pulumi.RunError)
    expect(failure.message).toBe(
      [
        `The page does not come by https at ${requests.url} after 2 minutes.`,
        `  Tried last: GET ${requests.url}/healthz: self-signed certificate`,
        `  The server says: ${says}`,
        ...more,
        '  The page works at http://203.0.113.10 meanwhile, and the server goes on trying.',
        '  Look inside: log in at https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=ap-southeast-1&instanceId=i-1 and run',
        '    journalctl -u oss-direct-upload',
        '  Everything else is in place: `pulumi up` can be repeated, and waits again.',
      ].join('\n'),
    )
  },
)

test('a page that answers neither over https nor over http is not ready', async () => {
  const failure = await failureOf(waitForServer(secure, tools({ health: [refused] })))
  expect(failure.message.split('\n').slice(0, 3)).toEqual([
    'The page does not answer at https://203.0.113.10 after 2 minutes.',
    '  Tried last: GET http://203.0.113.10/healthz: connect ECONNREFUSED 203.0.113.10:80',
    '  The setting allowedCidrs has to let this machine in.',
  ])
})

test('one minute is not "1 minutes"', async () => {
  const failure = await failureOf(
    waitForServer({ ...input, minutes: 1 }, tools({ health: [refused] })),
  )
  expect(failure.message.split('\n', 1)).toEqual([
    'The page does not answer at http://203.0.113.10 after 1 minute.',
  ])
})

test('an update knows the address once the page answers', async () => {
  await recordRegistrations()
  const requests: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push(url)
    expect(init.signal).toBeInstanceOf(AbortSignal)
    return url.endsWith('/healthz') ? healthy() : new Response('<html>')
  })
  expect(await resolved(urlWhenReady(input))).toBe('http://203.0.113.10')
  expect(requests).toEqual(['http://203.0.113.10/healthz', 'http://203.0.113.10/'])
})

test('progress is shown as ephemeral lines of the update', async () => {
  await recordRegistrations()
  const info = vi.spyOn(pulumi.log, 'info').mockResolvedValue()
  let calls = 0
  vi.stubGlobal('fetch', async (url: string) => {
    calls += 1
    if (calls < 2) return refused()
    return url.endsWith('/healthz') ? healthy() : new Response('<html>')
  })
  let clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 12_000
    return clock
  })
  expect(await resolved(urlWhenReady(input))).toBe('http://203.0.113.10')
  expect(info.mock.calls).toEqual([
    [
      'Waiting for http://203.0.113.10 (12 s): connect ECONNREFUSED 203.0.113.10:80',
      undefined,
      undefined,
      true,
    ],
  ])
})

test('a preview does not wait', async () => {
  await recordRegistrations({ preview: true })
  const fake = tools({ health: [refused] })
  expect(await resolved(urlWhenReady(input, fake))).toBe('http://203.0.113.10')
  expect(await resolved(urlWhenReady({ ...input, instanceId: unknown<string>() }, fake))).toBe(
    undefined,
  )
  expect(fake.requests).toEqual([])
})

test('an update whose page never answers fails with the error', async () => {
  await recordRegistrations()
  const failing = urlWhenReady(input, tools({ health: [refused] })) as unknown as FailingOutput
  // Every promise of an output that fails, fails.
  const [failure] = await Promise.all(
    [failing.promise(), failing.isKnown, failing.isSecret, failing.allResources()].map(failureOf),
  )
  expect(failure).toBeInstanceOf(pulumi.RunError)
  expect(failure?.message).toContain('does not answer at http://203.0.113.10 after 2 minutes.')
})

interface FailingOutput {
  promise(): Promise<unknown>
  isKnown: Promise<unknown>
  isSecret: Promise<unknown>
  allResources(): Promise<unknown>
}

test('the address to log in names region and instance', () => {
  expect(loginAddress('eu-central-1', 'i-2&x')).toBe(
    'https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=eu-central-1&instanceId=i-2%26x',
  )
})

const ALLOW = ['The setting allowedCidrs has to let this machine in.']

test.each<[string, string, string[]]>([
  [
    'has installed the release',
    `The server cannot start: the disk is full\nThe release ${input.release} is installed\r\n`,
    [
      'The instance says that the release is installed. If the page runs, this machine cannot reach it:',
      'the setting allowedCidrs, a proxy (HTTP_PROXY, NO_PROXY) or a firewall has to let it through.',
    ],
  ],
  [
    'cannot start',
    'python3[402]: The server cannot start: the disk is full\r\n[  OK  ] Reached target',
    ['The instance says: The server cannot start: the disk is full'],
  ],
  ['has installed another release', 'The release ba9876543210 is installed\n', ALLOW],
  ['has not installed the release yet', 'Debian GNU/Linux 13 login:', ALLOW],
])('the error contains what the console says of an instance that %s', async (_, console, lines) => {
  const failure = await failureOf(waitForServer(input, tools({ health: [refused], console })))
  expect(failure.message.split('\n').slice(2, -6)).toEqual(lines.map((line) => `  ${line}`))
})

test('the console of an instance is requested from ECS', async () => {
  const requests: Record<string, string>[] = []
  vi.stubEnv('ALICLOUD_ACCESS_KEY', 'ID')
  vi.stubEnv('ALICLOUD_SECRET_KEY', 'SECRET')
  vi.stubGlobal('fetch', async (url: string, { body }: { body: URLSearchParams }) => {
    requests.push({ url, ...Object.fromEntries(body) })
    return Response.json({ ConsoleOutput: Buffer.from('Debian ✓').toString('base64') })
  })
  expect(await consoleOutput('ap-southeast-1', 'i-1')).toBe('Debian ✓')
  expect(requests).toMatchObject([
    {
      url: 'https://ecs.ap-southeast-1.aliyuncs.com/',
      Action: 'GetInstanceConsoleOutput',
      Version: '2014-05-26',
      RegionId: 'ap-southeast-1',
      InstanceId: 'i-1',
      AccessKeyId: 'ID',
    },
  ])
  vi.unstubAllEnvs()
})
