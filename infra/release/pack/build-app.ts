import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../pulumi/user-error.ts'
import type { Checkout } from './checkout.ts'

/**
 * Builds the app into a folder, in a process of its own, which neither shares modules with the Pulumi
 * program nor sees the deployer's environment.
 *
 * @throws UserError with the build's output
 */
export async function buildApp({ root }: Checkout, outDir: string): Promise<void> {
  const { PATH, HOME, TMPDIR, SystemRoot, TEMP, TMP, USERPROFILE } = process.env
  const env = { PATH, HOME, TMPDIR, SystemRoot, TEMP, TMP, USERPROFILE }
  try {
    await promisify(execFile)(process.execPath, [join(root, 'app/server/build/build.ts'), outDir], {
      cwd: root,
      env: { ...env, NODE_ENV: 'production' },
    })
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const output = stderr.trim() === '' ? message : stderr.trim()
    throw new UserError(`The app cannot be built:\n${output.split('\n').slice(0, 20).join('\n')}`)
  }
}
