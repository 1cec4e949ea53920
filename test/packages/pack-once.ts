import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAll } from '../../scripts/pack/pack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the tarballs by package name. */
    tarballs: Record<string, string>
  }
}

/** Packs the packages before the tests of this project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tarballs-'))
  project.provide('tarballs', Object.fromEntries(await packAll(folder)))
  return () => rm(folder, { recursive: true })
}
