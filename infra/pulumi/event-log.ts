import { explainRefusal, isTransient } from './refusals.ts'

/** What the program logs in an update for a server that is to be made: the offer after the chosen one. */
const NEXT_OFFER = /^If the instance type sells out meanwhile, (.+)\.$/

/** Returns the line that the program logs, for `adviceFor` to find. @param remedy Which settings to change, and to what */
export function nextOfferLine(remedy: string): string {
  return `If the instance type sells out meanwhile, ${remedy}.`
}

interface Diagnostic {
  urn?: string
  message?: string
  severity?: string
}

/** Some of the kinds of event; each event is of one kind. */
interface Event {
  diagnosticEvent?: Diagnostic
  resOpFailedEvent?: { metadata?: { urn?: string } }
}

/**
 * Returns what to do about the refusals in a log of Pulumi's events, a line for each resource and code.
 *
 * @param log A JSON object a line; lines that are none are ignored
 */
export function adviceFor(log: string): string[] {
  const diagnostics = readEvents(log).flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
  const next = diagnostics.flatMap(({ message = '' }) => NEXT_OFFER.exec(message.trim())?.[1] ?? [])
  const lines = diagnostics.flatMap(({ urn = '', message = '', severity }) => {
    const refusal = severity === 'error' ? explainRefusal(message) : undefined
    if (refusal === undefined) return []
    const { code, advice } = refusal
    const [offer] = code === 'OperationDenied.NoStock' ? next : []
    const remedy = offer === undefined ? advice : `It has sold out since it was listed: ${offer}.`
    return [`${urn.split('::').at(-1)}: ${code}. ${remedy}`]
  })
  if (lines.length === 0) return []
  return [...new Set(lines), 'What exists already stays: `npm run up` continues from there.']
}

/**
 * Returns whether a command failed, after it had been confirmed, because of nothing but refusals that pass by
 * themselves. The same command then completes the rest.
 *
 * @param log A JSON object a line; lines that are none are ignored
 */
export function failedTransiently(log: string): boolean {
  const events = readEvents(log)
  const failed = new Set(
    events.flatMap(({ resOpFailedEvent }) => resOpFailedEvent?.metadata?.urn ?? []),
  )
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === 'error' ? diagnosticEvent : [],
  )
  return (
    failed.size > 0 &&
    errors.every(({ urn = '', message = '' }) =>
      urn === '' ? message.trim() === 'update failed' : failed.has(urn) && isTransient(message),
    )
  )
}

function readEvents(log: string): Event[] {
  return log.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Event]
    } catch {
      return []
    }
  })
}
