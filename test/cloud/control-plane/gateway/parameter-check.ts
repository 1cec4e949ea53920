import { type Action, ActionError } from '../action.ts'

/** Some clients send it with every call; otherwise the region is that of the host. */
const EVERYWHERE = 'RegionId'

/**
 * Checks the names of the parameters that were sent against those that the action takes.
 *
 * @throws ActionError `InvalidParameter.Unknown` for a name that the action does not have,
 *   `MissingParameter` for one that it needs
 */
export function checkParameters(
  action: Pick<Action, 'parameters'>,
  name: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const patterns = action.parameters.map((text) => {
    const pattern = text.replace(/\?$/, '')
    return { pattern, required: pattern === text, matches: matcher(pattern) }
  })
  const sent = Object.keys(parameters)
  const unknown = sent.find(
    (parameter) =>
      parameter !== EVERYWHERE && !patterns.some(({ matches }) => matches.test(parameter)),
  )
  if (unknown !== undefined) {
    throw new ActionError(
      400,
      'InvalidParameter.Unknown',
      `The action ${name} has no parameter ${unknown}.`,
    )
  }
  for (const { pattern, required, matches } of patterns) {
    if (!required) continue
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
