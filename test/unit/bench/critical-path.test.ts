import { expect, test } from 'vitest'
import { criticalPath } from '../../bench/stack/critical-path.ts'
import { creationSpans } from '../../bench/stack/engine-log.ts'

const spent = new Map([
  ['network', 5_000],
  ['address', 6_000],
  ['switch', 3_000],
  ['rule', 5_000],
  ['instance', 10_000],
])

test('the critical path is the longest chain of resources that use each other’s outputs', () => {
  const stack = [
    { urn: 'stack' },
    { urn: 'address' },
    { urn: 'network', propertyDependencies: { name: null } },
    { urn: 'rule', propertyDependencies: { origins: ['address'] } },
    { urn: 'switch', propertyDependencies: { network: ['network'] } },
    {
      urn: 'instance',
      // The rule is a dependency by dependsOn only.
      dependencies: ['switch', 'rule', 'address'],
      propertyDependencies: { place: ['switch'], userData: ['address', 'stack'] },
    },
  ]
  expect(criticalPath(stack, spent)).toEqual({
    urns: ['network', 'switch', 'instance'],
    milliseconds: 18_000,
  })
})

test('an empty stack takes no time', () => {
  expect(criticalPath([], spent)).toEqual({ urns: [], milliseconds: 0 })
})

test('the engine’s log yields the time in which the provider created each resource', () => {
  const entry = (method: string, progress: string, timestamp: string, mode: string, urn: string) =>
    JSON.stringify({
      method: `/pulumirpc.${method}`,
      progress,
      timestamp: `2026-11-25T00:00:${timestamp}Z`,
      request: { urn },
      metadata: { mode },
    })
  const create = 'ResourceProvider/Create'
  const log = [
    entry('LanguageRuntime/Run', 'request_started', '00.000000001', 'client', ''),
    entry(create, 'request_started', '01.000000001', 'client', 'network'),
    entry(create, 'request_started', '01.5', 'client', 'address'),
    entry('ResourceProvider/Read', 'response_completed', '02', 'client', 'switch'),
    entry(create, 'response_completed', '06.25', 'client', 'network'),
    entry(create, 'response_completed', '07', 'server', 'address'),
    entry(create, 'response_completed', '08.123456789', 'client', 'address'),
    '',
  ].join('\n')
  const at = (seconds: number): number => Date.UTC(2026, 10, 25) + seconds * 1000
  expect(creationSpans(log)).toEqual(
    new Map([
      ['network', { start: at(1), end: at(6.25) }],
      ['address', { start: at(1.5), end: at(8.123) }],
    ]),
  )
})
