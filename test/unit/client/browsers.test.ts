import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { BROWSERS } from '../../../app/client/build/browsers.ts'

const version = (text: string): number => {
  const [major = 0, minor = 0] = text.split('.').map(Number)
  return major * 100 + minor
}

// Sources: the compatibility tables of MDN.
test.each([
  ['AbortSignal.any', '116', '124', '17.4'],
  ['AbortSignal.timeout', '103', '100', '16'],
  ['Array.prototype.at', '92', '90', '15.4'],
  ['CSS light-dark()', '123', '120', '17.5'],
  ['CSS :has()', '105', '121', '15.4'],
  ['Object.hasOwn', '93', '92', '15.4'],
  ['Promise.withResolvers', '119', '121', '17.4'],
  ['URL.canParse', '120', '115', '17'],
  ['URL.parse', '126', '126', '18'],
])('all supported browsers have %s', (_, chrome, firefox, safari) => {
  const { chrome: oldestChrome, edge, firefox: oldestFirefox, safari: oldestSafari, ios } = BROWSERS
  expect(version(oldestChrome)).toBeGreaterThanOrEqual(version(chrome))
  expect(version(edge)).toBeGreaterThanOrEqual(version(chrome))
  expect(version(oldestFirefox)).toBeGreaterThanOrEqual(version(firefox))
  expect(version(oldestSafari)).toBeGreaterThanOrEqual(version(safari))
  expect(version(ios)).toBeGreaterThanOrEqual(version(safari))
})

test('the sentence for older browsers names the same versions', async () => {
  const page = await readFile('app/client/page/index.html', 'utf8')
  const { chrome, edge, firefox, safari } = BROWSERS
  expect([chrome, safari]).toEqual([edge, BROWSERS.ios])
  expect(page).toContain(
    `Chrome or Edge ${chrome}, Firefox ${firefox}, Safari ${safari}, or a later`,
  )
  expect(page).toContain(
    `Chrome 或 Edge ${chrome}、Firefox ${firefox}、Safari ${safari} 或更高版本`,
  )
})

test('the documentation names the same versions', async () => {
  const { chrome, edge, firefox, safari, ios } = BROWSERS
  const english = await readFile('docs/browsers.md', 'utf8')
  const chinese = await readFile('docs/zh-CN/browsers.md', 'utf8')
  for (const [name, version] of Object.entries({
    Chrome: chrome,
    Edge: edge,
    Firefox: firefox,
    Safari: safari,
    iOS: ios,
  })) {
    expect(english).toMatch(new RegExp(`\\| ${name} +\\| ${version} +\\|`))
    expect(chinese).toMatch(new RegExp(`\\| ${name} +\\| ${version} +\\|`))
  }
})
