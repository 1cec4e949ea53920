import { z } from 'zod'
import { callEcs } from '../identity/stack-credentials.ts'

const answer = z.object({ ConsoleOutput: z.string() })

/**
 * Returns the console output of an instance. Source: "GetInstanceConsoleOutput", ECS API.
 *
 * @throws RpcError for example when RAM does not allow it
 */
export async function consoleOutput(region: string, instanceId: string): Promise<string> {
  const response = await callEcs('GetInstanceConsoleOutput', region, { InstanceId: instanceId })
  return Buffer.from(answer.parse(response).ConsoleOutput, 'base64').toString('utf8')
}

/** What an instance itself reports about its release. */
export type BootReport = { state: 'installed' } | { state: 'failed'; reason: string }

/** Reads what `fetch-release.py` has printed last. @returns undefined when it has not ended yet */
export function bootReport(output: string, release: string): BootReport | undefined {
  const lines = output.matchAll(
    /The release (\w+) is (?:already )?installed|The server cannot start: .*/g,
  )
  const [text = '', installed] = [...lines].at(-1) ?? []
  if (installed === release) return { state: 'installed' }
  return text.startsWith('The server cannot start')
    ? { state: 'failed', reason: text.trim() }
    : undefined
}
