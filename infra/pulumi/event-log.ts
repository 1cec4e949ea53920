import { explainRefusal } from './refusals.ts'

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

/**
 * Returns what to do about the refusals in a log of Pulumi's events, a line for each resource and code.
 *
 * @param log A JSON object a line; lines that are none are ignored
 */
export function adviceFor(log: string): string[] {
  const diagnostics = log.split('\n').flatMap(readDiagnostic)
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

function readDiagnostic(line: string): Diagnostic[] {
  try {
    const { diagnosticEvent } = JSON.parse(line) as { diagnosticEvent?: Diagnostic }
    return diagnosticEvent ? [diagnosticEvent] : []
  } catch {
    return []
  }
}
