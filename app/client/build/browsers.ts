import { readFileSync } from 'node:fs'

const manifest = readFileSync(new URL('../page/package.json', import.meta.url), 'utf8')
const { browserslist } = JSON.parse(manifest) as { browserslist: string[] }

/** Oldest browsers that the page supports, from the page's `browserslist`: those of two years ago. */
export const BROWSERS = {
  chrome: oldest('chrome'),
  edge: oldest('edge'),
  firefox: oldest('firefox'),
  ios: oldest('ios_saf'),
  safari: oldest('safari'),
} as const

function oldest(name: string): string {
  const query = browserslist.find((query) => query.startsWith(`${name} >= `))
  if (query === undefined) throw new Error(`The browserslist does not name ${name}`)
  return query.slice(`${name} >= `.length)
}
