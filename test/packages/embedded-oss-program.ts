import { join } from 'node:path'
import type { Consumer } from './consumer.ts'
import { type RunningProgram, startProgram } from './running-program.ts'

/** The embedded OSS as a program, with the bucket `photos`. */
export interface EmbeddedOssProgram extends RunningProgram {
  /** Folder of the bucket. */
  folder: string
  /** Variables for the programs of `docs/examples`. */
  env: Record<string, string>
}

/** Starts the bin of an installed package, with one option and its defaults. */
export async function startEmbeddedOssProgram({ folder }: Consumer): Promise<EmbeddedOssProgram> {
  const bin = join(folder, 'node_modules/.bin/embedded-oss')
  const args = [bin, '--bucket', 'photos', '--port', '0']
  const program = await startProgram(args, folder, {}, /^OssEndpoint: /)
  const value = (pattern: RegExp) => {
    const found = program.lines.map((line) => pattern.exec(line)?.[1]).find(Boolean)
    if (found === undefined) throw new Error(`No line matches ${pattern}`)
    return found
  }
  return {
    ...program,
    folder: join(folder, 'oss-data/photos'),
    env: {
      OSS_ACCESS_KEY_ID: value(/^OSS_ACCESS_KEY_ID=(\w+)$/),
      OSS_ACCESS_KEY_SECRET: value(/^OSS_ACCESS_KEY_SECRET=(\w+)$/),
      OSS_UPLOAD_HOST: value(/^OssEndpoint: (\S+)$/),
    },
  }
}
