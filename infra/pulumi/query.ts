import { RunError } from '@pulumi/pulumi'

/**
 * Waits for the answer of a data source.
 *
 * @param question What is asked, to go behind "did not tell"
 * @throws RunError with what the cloud said instead of an answer
 */
export async function queryCloud<T>(question: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (/no valid credential sources/.test(String(error))) {
      throw new RunError(
        'There are no credentials for Alibaba Cloud: set ALIBABA_CLOUD_ACCESS_KEY_ID and ' +
          'ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE to a profile of its CLI.',
      )
    }
    throw new RunError(`Alibaba Cloud did not tell ${question}: ${refusal(error)}`)
  }
}

/**
 * The one line that counts in the provider's account of an error: the cloud's code and message,
 * without the places in its source, the dumps and the colours around them.
 */
export function refusal(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error).replaceAll(
    /\u001b\[\d*m/g,
    '',
  )
  const code = /^\s*(?:Error)?Code: *(\S+)/m.exec(text)?.[1]
  const message = /^\s*Message: *(?:code: \d+, )?(.*?)(?: request id: \S+)?$/m.exec(text)?.[1]
  if (code !== undefined && message !== undefined) return `${code}: ${message}`
  const plain = text.replace(/^invocation of \S+ returned an error: (invoking \S+: )?/, '')
  return plain.trim().split('\n', 1)[0] ?? ''
}
