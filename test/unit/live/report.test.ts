import { expect, test } from 'vitest'
import { compared, isAsExpected, type LiveReport, reportMarkdown } from '../../live/report.ts'

const PROBE = { question: 'a | b', expected: '200', ask: async () => '200' }
const REPORT: LiveReport = {
  stack: 'live-0a1b2c',
  region: 'ap-southeast-1',
  startedAt: '2026-12-01T12:00:00.000Z',
  steps: [{ name: 'pulumi up', problem: '', seconds: 90 }],
  probes: [
    compared(PROBE, '200'),
    compared({ ...PROBE, question: 'c' }, '403 AccessDenied'),
    { question: 'd', expected: '', result: 'not asked', answer: 'needs 5 GB of traffic' },
  ],
  resources: { 'alicloud:oss/bucket:Bucket': 2 },
  leftovers: [],
}

test('a report has every answer, and what the run has cost', () => {
  expect(reportMarkdown(REPORT)).toBe(`# Live test of live-0a1b2c

In ap-southeast-1, started at 2026-12-01T12:00:00.000Z: 2 resources for 1.5 minutes.

1 answers are confirmed, 1 differ, 0 questions failed, 1 were not asked.

## Steps

| step | seconds | result |
| --- | --- | --- |
| pulumi up | 90 | done |

## Different

| question | simulation | cloud |
| --- | --- | --- |
| c | 200 | 403 AccessDenied |

## Confirmed

| question | simulation | cloud |
| --- | --- | --- |
| a \\| b | 200 | 200 |

## Failed

None.

## Not asked

| question | why |
| --- | --- |
| d | needs 5 GB of traffic |

## Resources

| type | number |
| --- | --- |
| alicloud:oss/bucket:Bucket | 2 |

## Left in the account

Nothing.
`)
})

test('a difference, a failed step and a leftover are not as expected', () => {
  const probes = REPORT.probes.filter(({ result }) => result !== 'different')
  const expected = { ...REPORT, probes }
  expect(isAsExpected(expected)).toBe(true)
  expect(isAsExpected(REPORT)).toBe(false)
  expect(isAsExpected({ ...expected, leftovers: ['bucket b'] })).toBe(false)
  const lost = { ...compared(PROBE, ''), result: 'failed' as const }
  expect(isAsExpected({ ...expected, probes: [lost] })).toBe(false)
  const steps = [{ name: 'pulumi up', problem: 'refused', seconds: 1 }]
  expect(isAsExpected({ ...expected, steps })).toBe(false)
})
