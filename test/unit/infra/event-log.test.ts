import { expect, test } from 'vitest'
import { adviceFor, failedTransiently, nextOfferLine } from '../../../infra/pulumi/event-log.ts'
import { errorEvent, failure, logOf as log, refusalEvent } from './event-logs.ts'

const CONTINUE = 'What exists already stays: `npm run up` continues from there.'

test('each refusal is explained once, by resource and code', () => {
  const events = log(
    { preludeEvent: {} },
    refusalEvent('Account.Arrearage'),
    refusalEvent('Account.Arrearage'),
    refusalEvent('QuotaExceeded.EipsNum', 'load-balancer-alb'),
  )
  expect(adviceFor(events)).toEqual([
    'server-instance: Account.Arrearage. The account has to pay first. Settle the outstanding payment or top up the balance in the console (Expenses and Costs).',
    'load-balancer-alb: QuotaExceeded.EipsNum. A quota of the account is used up. Release what is not needed, or raise the quota in the Quota Center.',
    CONTINUE,
  ])
})

test('what sold out names the next offer, if the program found one', () => {
  const sold = refusalEvent('OperationDenied.NoStock')
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
  ['an unknown code', log(refusalEvent('InvalidParameter'))],
  [
    'a warning',
    log({
      diagnosticEvent: { ...refusalEvent('QuotaExceeded').diagnosticEvent, severity: 'warning' },
    }),
  ],
  ['an error of the program', log(errorEvent('The page does not answer'))],
])('%s: no advice', (_what, text) => {
  expect(adviceFor(text)).toEqual([])
})

test.each([
  'SystemBusy',
  'OperationFailed.DistibuteLock',
  'IncorrectStatus.VSwitch',
  'DependencyViolation.RouteEntry',
  'IncorrectBusinessStatus.LoadBalancer',
  'ResourceInConfiguring.Listener',
  'Throttling.ConcurrentLimitExceeded',
])('%s passes by itself', (code) => {
  expect(failedTransiently(log(...failure(code)))).toBe(true)
  expect(failedTransiently(log(...failure(code), ...failure('TaskConflict', 'vpc')))).toBe(true)
})

test.each<[string, object[]]>([
  ['nothing', []],
  ['another refusal', failure('Account.Arrearage')],
  ['another dependency', failure('DependencyViolation.VSwitch')],
  ['another refusal besides', [...failure('SystemBusy'), ...failure('QuotaExceeded.Vpc', 'vpc')]],
  ['an error of the program besides', [...failure('SystemBusy'), errorEvent('No page', 'urn')]],
  ['a refusal before the update', [refusalEvent('SystemBusy'), errorEvent('preview failed')]],
])('%s does not pass by itself', (_what, events) => {
  expect(failedTransiently(log(...events))).toBe(false)
})

test('a refusal that should have passed says to try again', () => {
  expect(adviceFor(log(...failure('TaskConflict')))[0]).toBe(
    'server-instance: TaskConflict. Alibaba Cloud is busy with another operation. Run the same command again in a few minutes.',
  )
})
