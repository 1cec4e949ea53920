import { expect, test } from 'vitest'
import { adviceFor, nextOfferLine } from '../../../infra/pulumi/event-log.ts'

const URN =
  'urn:pulumi:dev::shop::a:index:AppServer$alicloud:ecs/instance:Instance::server-instance'
const CONTINUE = 'What exists already stays: `npm run up` continues from there.'

/** An event as Pulumi logs the failure of a resource. */
const failure = (code: string, urn = URN) => ({
  diagnosticEvent: {
    urn,
    severity: 'error',
    message: `sdk-v2/provider2.go:572: [ERROR] RunInstances Failed!!! [SDK alibaba-cloud-sdk-go ERROR]:\nSDKError:\n   StatusCode: 403\n   Code: ${code}\n   Message: code: 403, Refused. request id: A-1\n`,
  },
})
const log = (...events: object[]) => events.map((event) => JSON.stringify(event)).join('\n')

test('each refusal is explained once, by resource and code', () => {
  const events = log(
    { preludeEvent: {} },
    failure('Account.Arrearage'),
    failure('Account.Arrearage'),
    failure('QuotaExceeded.EipsNum', `${URN.replace('server-instance', 'load-balancer-alb')}`),
  )
  expect(adviceFor(events)).toEqual([
    'server-instance: Account.Arrearage. The account has to pay first. Settle the outstanding payment or top up the balance in the console (Expenses and Costs).',
    'load-balancer-alb: QuotaExceeded.EipsNum. A quota of the account is used up. Release what is not needed, or raise the quota in the Quota Center.',
    CONTINUE,
  ])
})

test('what sold out names the next offer, if the program found one', () => {
  const sold = failure('OperationDenied.NoStock')
  const message = `${nextOfferLine('set instanceType to ecs.t6-c1m1.large')}\n`
  const offer = { diagnosticEvent: { severity: 'info', message } }
  expect(adviceFor(log(offer, sold))).toEqual([
    'server-instance: OperationDenied.NoStock. It has sold out since it was listed: set instanceType to ecs.t6-c1m1.large.',
    CONTINUE,
  ])
  expect(adviceFor(log(sold))[0]).toBe(
    'server-instance: OperationDenied.NoStock. It has sold out since it was listed. Set instanceType or zoneId to another one, or try again later.',
  )
})

test.each<[string, string]>([
  ['no log', ''],
  ['no JSON', '{"diagnosticEvent":\n'],
  ['an unknown code', log(failure('InvalidParameter'))],
  [
    'a warning',
    log({ diagnosticEvent: { ...failure('QuotaExceeded').diagnosticEvent, severity: 'warning' } }),
  ],
  [
    'an error of the program',
    log({ diagnosticEvent: { severity: 'error', message: 'The page does not answer' } }),
  ],
])('%s: no advice', (_what, text) => {
  expect(adviceFor(text)).toEqual([])
})
