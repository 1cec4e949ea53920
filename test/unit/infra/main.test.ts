import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = new URL('../../../infra/main.mjs', import.meta.url)

/** Loads the program's first file in a Node that says it is of another version. */
async function load(version: string): Promise<string> {
  const script = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })
    try {
      await import('${main.href}')
      console.log('loaded')
    } catch (error) {
      console.log(error.constructor.name, error.message)
    }
    process.exit()
  `
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { PATH: process.env.PATH ?? '' },
  })
  return stdout.trim()
}

test.each(['20.20.2', '22.17.1'])('Node %s is refused with what to do', async (version) => {
  expect(await load(version)).toBe(
    `RunError Node ${version} is too old for this program, which needs 22.18 or newer. ` +
      'Run "npm run up" (or "npm run preview", "npm run destroy"): it brings a newer one along.',
  )
})

// Without an engine the program ends at its first look at the configuration.
test.each(['22.18.0', '26.0.0'])('Node %s loads the program', async (version) => {
  expect(await load(version)).toMatch(/^RunError The stack's configuration cannot be used:\n/)
})
