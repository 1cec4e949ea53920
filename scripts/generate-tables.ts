/**
 * `npm run tables`: writes settings, outputs, variables and versions into Pulumi.yaml and the documents, between
 * markers. With --check it writes nothing and ends with 1 when a file is stale.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sections } from './tables/sections.ts'
import { updateSection } from './tables/update-section.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values
const stale = sections().filter((section) => updateSection(section, ROOT, check))
if (check && stale.length > 0) {
  console.error(
    `Stale: ${[...new Set(stale.map(({ file }) => file))].join(', ')}. Run: npm run tables`,
  )
  process.exitCode = 1
}
