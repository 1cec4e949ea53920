import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../pulumi/user-error.ts'
import type { Checkout } from './checkout.ts'

/**
 * Builds the app into a folder, in a process of its own: the program that deploys does not import what
 * it deploys, and what the deployer's environment sets does not reach the build.
 *
 * @throws UserError with what the build said
 */
export async function buildApp({ root }: Checkout, outDir: string): Promise<void> {
  const { PATH, HOME, TMPDIR, SystemRoot, TEMP, TMP, USERPROFILE } = process.env
  const kept = { PATH, HOME, TMPDIR, SystemRoot, TEMP, TMP, USERPROFILE }
  try {
    await promisify(execFile)(process.execPath, [join(root, 'app/server/build/build.ts'), outDir], {
      cwd: root,
      env: { ...kept, NODE_ENV: 'production' },
    })
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const said = stderr.trim() === '' ? message : stderr.trim()
    throw new UserError(`The app cannot be built:\n${said.split('\n').slice(0, 20).join('\n')}`)
  }
}
