import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NOT_ASKED, PROBES } from '../../live/probes/index.ts'

const TABLES = ['app/oss/unconfirmed.md', 'test/cloud/control-plane/unconfirmed.md']

/** Returns the first column of every table of a file. */
function questionsIn(path: string): string[] {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^\| (.*?) +\|/gm)]
    .map(([, cell = '']) => cell)
    .filter((cell) => cell !== 'question' && !/^-+$/.test(cell))
}

test('every unsettled question is asked by the live test, or it says why not', () => {
  const known = [...PROBES.map(({ question }) => question), ...Object.keys(NOT_ASKED)]
  expect(new Set(known).size).toBe(known.length)
  expect(known.toSorted()).toEqual([...new Set(TABLES.flatMap(questionsIn))].toSorted())
})
