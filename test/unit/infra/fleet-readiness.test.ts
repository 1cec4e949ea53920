import { expect, test } from 'vitest'
import { UserError } from '../../../infra/pulumi/user-error.ts'
import {
  type FleetReadinessInput,
  urlWhenFleetReady,
  waitForFleet,
} from '../../../infra/readiness/fleet-readiness.ts'
import { type FakeTools, fakeTools } from './poll-tools.ts'
import { recordRegistrations, resolved, unknown } from './registrations.ts'

const input: FleetReadinessInput = {
  url: 'http://alb-x.example:8080',
  domain: 'photos.example',
  release: '0123456789ab',
  instances: 2,
  region: 'ap-southeast-1',
  scalingGroupId: 'asg-1',
  minutes: 2,
}
const from = (instance: string, release = input.release) => ({ status: 'ok', release, instance })

/** What `GET /healthz` tells at a moment, by its number; a number is a status. */
function tools(health: (question: number) => object | string | number, page = 200): FakeTools {
  let question = 0
  const answer = (url: string): Response => {
    if (!url.endsWith('/healthz')) return new Response('<html>', { status: page })
    const answer = health(question++)
    if (typeof answer === 'number') return new Response('', { status: answer })
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
  return fakeTools(answer, { base: input.url })
}

test('it is ready when enough instances and then the page have answered', async () => {
  const all = tools((question) => from(`i${question % 2}`))
  await waitForFleet(input, all)
  expect(all.requests).toEqual(['/healthz', '/healthz', '/'])
  expect(all.hosts).toEqual(Array(3).fill('photos.example:8080'))
  expect(all.elapsed()).toBe(0)
})

test('one instance has to answer once', async () => {
  const one = tools(() => from('i1'))
  await waitForFleet({ ...input, instances: 1 }, one)
  expect(one.requests).toEqual(['/healthz', '/'])
})

test('it waits for an instance that answers late', async () => {
  const late = tools((question) => from(question < 20 ? 'i1' : `i${question % 2}`))
  await waitForFleet(input, late)
  // Six questions a round, two seconds apart.
  expect(late.elapsed()).toBe(6_000)
})

test('an instance that has not answered for a while no longer counts', async () => {
  const gone = tools((question) => from(question === 0 ? 'i0' : 'i1'))
  const seenTogether = waitForFleet({ ...input, instances: 2 }, gone)
  await expect(seenTogether).resolves.toBeUndefined()
  expect(gone.requests).toEqual(['/healthz', '/healthz', '/'])
  // The other starts to answer when the first has been silent for longer than an answer counts.
  const apart = tools((question) =>
    question === 0 ? from('i0') : question < 40 ? 503 : from(`i${question === 40 ? 1 : 2}`),
  )
  await waitForFleet(input, apart)
  expect(apart.requests.length).toBe(43)
})

test('an answer of another release ends the attempt', async () => {
  const mixed = tools((question) =>
    question === 1 ? from('old', 'ffffffffffff') : from(`i${question % 2}`),
  )
  await waitForFleet(input, mixed)
  expect(mixed.elapsed()).toBe(2_000)
})

test.each<[string, (question: number) => object | string | number, number, string]>([
  ['nothing healthy', () => 503, 200, 'GET /healthz: status 503 (0 of 2 instances have answered)'],
  [
    'another release',
    () => from('i1', 'ffffffffffff'),
    200,
    'GET /healthz: release ffffffffffff instead of 0123456789ab (0 of 2 instances have answered)',
  ],
  [
    'some other page',
    () => '<html>',
    200,
    'GET /healthz: release unknown instead of 0123456789ab (0 of 2 instances have answered)',
  ],
  [
    'too few instances',
    () => from('i1'),
    200,
    'GET /healthz: the release, from too few instances (1 of 2 instances have answered)',
  ],
  [
    'no page',
    (question) => from(`i${question % 2}`),
    500,
    'GET /: status 500 (2 of 2 instances have answered)',
  ],
])('%s: the error says so and where to look', async (_, health, page, last) => {
  const fake = tools(health, page)
  const message = [
    'The fleet does not answer at http://alb-x.example:8080 for photos.example after 2 minutes.',
    `  Tried last: ${last}`,
    '  If instances could not be made, or were replaced, the last activities say why:',
    '    aliyun ess DescribeScalingActivities --RegionId ap-southeast-1 --ScalingGroupId asg-1',
    '  If they run, look from outside at one of them:',
    '    aliyun ess DescribeScalingInstances --RegionId ap-southeast-1 --ScalingGroupId asg-1',
    '    aliyun ecs GetInstanceConsoleOutput --RegionId ap-southeast-1 --InstanceId INSTANCE',
    '  A release before this one serves on. `pulumi up` can be repeated, and waits again.',
  ].join('\n')
  await expect(waitForFleet(input, fake)).rejects.toThrow(new UserError(message))
  expect(fake.elapsed()).toBe(118_000)
  expect(fake.lines[0]).toBe(`Waiting for http://alb-x.example:8080 (10 s): ${last}`)
})

test('a preview sends no request', async () => {
  await recordRegistrations({ preview: true })
  const fake = tools(() => 500)
  expect(await resolved(urlWhenFleetReady(input, fake))).toBe(input.url)
  const later = urlWhenFleetReady({ ...input, release: unknown<string>() }, fake)
  expect(await resolved(later)).toBeUndefined()
  expect(fake.requests).toEqual([])
})
