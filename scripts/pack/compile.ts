import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './parts.ts'

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

/**
 * Compiles all parts to JavaScript with declarations and source maps. The output has the folders of the
 * repository.
 *
 * @param outDir Below the root, where the compiler finds the packages with types
 * @throws Error with the compiler's output
 */
export async function compile(outDir: string): Promise<void> {
  const project = join(outDir, 'tsconfig.json')
  const settings = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: ROOT,
      outDir,
      declaration: true,
      sourceMap: true,
      inlineSources: true,
      rewriteRelativeImportExtensions: true,
    },
    include: ['app', 'infra'].map((folder) => join(ROOT, folder)),
  }
  await writeFile(project, JSON.stringify(settings))
  try {
    await promisify(execFile)(process.execPath, [TSC, '-p', project], { cwd: ROOT })
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string }
    throw new Error(`The parts do not compile:\n${stdout || message}`)
  }
}
