import { RunError } from '@pulumi/pulumi'
import { providerErrorCode } from './refusals.ts'

/**
 * Waits for the result of a data source.
 *
 * @param question Follows "Alibaba Cloud did not answer" in the error, e.g. `whose account it is`
 * @throws RunError with the cloud's own code and message
 */
export async function queryCloud<T>(question: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (/no valid credential sources/.test(String(error))) {
      throw new RunError(
        'There are no credentials for Alibaba Cloud: set ALIBABA_CLOUD_ACCESS_KEY_ID and ' +
          'ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE to a profile of its CLI.',
      )
    }
    throw new RunError(`Alibaba Cloud did not answer ${question}: ${providerMessage(error)}`)
  }
}

/**
 * Returns the cloud's code and message from an error of the provider, in one line: without source
 * positions, dumps and colours.
 */
export function providerMessage(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error).replaceAll(
    /\u001b\[\d*m/g,
    '',
  )
  const code = providerErrorCode(text)
  const message = /^\s*Message: *(?:code: \d+, )?(.*?)(?: request id: \S+)?$/m.exec(text)?.[1]
  if (code !== undefined && message !== undefined) return `${code}: ${message}`
  const plain = text.replace(/^invocation of \S+ returned an error: (invoking \S+: )?/, '')
  return plain.trim().split('\n', 1)[0] ?? ''
}
