import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchModules, ToolchainError } from '../../toolchain/go-program.ts'

let folder: string
const lines: string[] = []
const fetchAll = () =>
  fetchModules('example.com/program', folder, 'a program', (line) => lines.push(line), 10)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'go-program-'))
  lines.length = 0
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** Puts a `go` first on the PATH that fails as often as a module proxy that answers 503. */
async function failingGo(times: number): Promise<void> {
  const script = `#!/bin/sh
echo "$@" >> calls
[ "$(wc -l < calls)" -gt ${times} ] && exit 0
echo 'reading https://proxy.example/@v/v1.0.0.mod: 503 Service Unavailable' >&2
exit 1
`
  await writeFile(join(folder, 'go'), script)
  await chmod(join(folder, 'go'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
}

test('modules are fetched again after a module proxy has failed', async () => {
  await failingGo(2)
  await fetchAll()
  expect(lines).toEqual([
    '  a program: attempt 1 failed, next attempt in 0.01 s',
    '  a program: attempt 2 failed, next attempt in 0.02 s',
  ])
})

test('a module proxy that keeps failing is an error with the output of go', async () => {
  await failingGo(5)
  await expect(fetchAll()).rejects.toThrow(
    new ToolchainError(
      'go list of a program failed:\n' +
        'reading https://proxy.example/@v/v1.0.0.mod: 503 Service Unavailable\n',
    ),
  )
  expect(lines).toHaveLength(4)
})

test('without Go there is one attempt', async () => {
  vi.stubEnv('PATH', folder)
  await expect(fetchAll()).rejects.toThrow('Go (1.26 or later) is not on the PATH')
  expect(lines).toEqual([])
})
