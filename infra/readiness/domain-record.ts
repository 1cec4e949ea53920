import * as pulumi from '@pulumi/pulumi'
import { type PollTools, probeRelease, systemPollTools } from './poll.ts'

export interface DomainRecordInput {
  /** Address of the page at its domain, without a trailing slash. */
  page: string
  /** DNS name that the domain's record has to lead to. */
  address: string
  /** Id that `GET /healthz` must report. */
  release: string
}

/** Longest time to wait for the page. A name that nobody has set yet fails at once. */
const TIMEOUT_MS = 5_000

/**
 * Warns with the record to set when the page does not answer at its domain; not in a preview.
 *
 * @returns The address of the page
 */
export async function checkRecord(
  { page, address, release }: DomainRecordInput,
  tools: PollTools = systemPollTools(),
): Promise<string> {
  if (pulumi.runtime.isDryRun()) return page
  const wrong = await probeRelease({ url: `${page}/healthz` }, release, tools, TIMEOUT_MS)
  const { hostname } = new URL(page)
  if (wrong !== undefined) {
    tools.warn(
      `${page} does not show this release from here (${wrong}). Unless the record is there and only new, set it:\n` +
        `  ${hostname}. CNAME ${address}.`,
    )
  }
  return page
}
