import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs one of the programs beside this file in the project's folder. @returns the JSON it prints */
export async function runProgram<T>(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { ...process.env, ...env },
  })
  return JSON.parse(stdout) as T
}
