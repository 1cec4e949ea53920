import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { RivalError } from '../benchmark.ts'
import type { RunningStore } from '../stores/store.ts'

/**
 * Posts a form with a file by curl.
 *
 * @returns curl's total time in seconds
 * @throws RivalError when curl is missing or fails
 * @throws Error when the status is not 200
 */
export async function postByCurl(
  { url, fields }: Pick<RunningStore, 'url' | 'fields'>,
  key: string,
  file: string,
  size: number,
): Promise<number> {
  const form = fields(key, size).flatMap(([name, value]) => ['--form-string', `${name}=${value}`])
  const format = '%{http_code} %{time_total}'
  const args = ['-s', '-o', '/dev/null', '-w', format, ...form, '-F', `file=@${file}`, url]
  let output: string
  try {
    output = (await promisify(execFile)('curl', args)).stdout
  } catch (error) {
    throw new RivalError(`curl cannot be run: ${(error as Error).message}`, error)
  }
  const [status, seconds] = output.split(' ')
  if (status !== '200') throw new Error(`curl received status ${status}`)
  return Number(seconds)
}
