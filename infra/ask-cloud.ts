import { RunError } from '@pulumi/pulumi'

/**
 * Waits for the answer of a data source.
 *
 * @param question What is asked, to go behind "did not tell"
 * @throws RunError with the first line of what the cloud said instead of an answer
 */
export async function askCloud<T>(question: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw new RunError(`Alibaba Cloud did not tell ${question}: ${firstLine(error)}`)
  }
}

/** Of an error's message, without the stack and the dumps that the provider puts behind it. */
export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
}
