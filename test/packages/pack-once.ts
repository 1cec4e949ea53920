import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAll } from '../../scripts/pack/pack.ts'
import { startRegistry } from './registry.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the tarballs by package name. */
    tarballs: Record<string, string>
    /** URL of a registry that has them. */
    registry: string
  }
}

/** Packs the packages before the tests of this project, and serves them as a registry does. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tarballs-'))
  const tarballs = await packAll(folder)
  const registry = await startRegistry(tarballs)
  project.provide('tarballs', Object.fromEntries(tarballs))
  project.provide('registry', registry.url)
  return async () => {
    await registry.close()
    await rm(folder, { recursive: true })
  }
}
