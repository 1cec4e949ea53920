import { type Action, ActionError } from '../action.ts'

/** Sent by some clients with every call; the region of the host counts where it is not sent. */
const EVERYWHERE = ['RegionId']

/**
 * Holds what was sent against what an action takes.
 *
 * @throws ActionError `InvalidParameter.Unknown` for a name that the action does not have,
 *   `MissingParameter` for one that it needs
 */
export function checkParameters(
  action: Action,
  name: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const patterns = Object.entries(action.parameters).map(([pattern, need]) => ({
    pattern,
    need,
    matches: matcher(pattern),
  }))
  const sent = Object.keys(parameters)
  const unknown = sent.find(
    (parameter) =>
      !EVERYWHERE.includes(parameter) && !patterns.some(({ matches }) => matches.test(parameter)),
  )
  if (unknown !== undefined) {
    throw new ActionError(
      400,
      'InvalidParameter.Unknown',
      `The action ${name} has no parameter ${unknown}.`,
    )
  }
  for (const { pattern, need, matches } of patterns) {
    if (need === 'optional') continue
    if (sent.some((parameter) => matches.test(parameter) && parameters[parameter] !== '')) continue
    throw new ActionError(
      400,
      'MissingParameter',
      `The input parameter "${pattern}" that is mandatory for processing this request is not supplied.`,
    )
  }
}

/** `Tag.N.Key` stands for `Tag.1.Key` and so on. */
function matcher(pattern: string): RegExp {
  const parts = pattern.split('.').map((part) => (part === 'N' ? '[1-9]\\d{0,3}' : part))
  return new RegExp(`^${parts.join('\\.')}$`)
}
