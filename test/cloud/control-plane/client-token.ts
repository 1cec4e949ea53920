import { isDeepStrictEqual } from 'node:util'
import { type Action, type ActionCall, ActionError } from './action.ts'

/** Source: https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence */
const LIFETIME_MS = 24 * 60 * 60 * 1000

interface AnsweredCall {
  parameters: Readonly<Record<string, string>>
  answer: Promise<object>
  at: number
}

/** Answers to calls with a ClientToken: the same call again does nothing and gets the same answer. */
export class ClientTokens {
  readonly #calls = new Map<string, AnsweredCall>()

  /**
   * Returns the action, except that a second call with the token of a successful one repeats its
   * answer.
   *
   * @throws ActionError IdempotentParameterMismatch when the other parameters differ
   */
  idempotent(name: string, action: Action): Action {
    return { ...action, handle: (call) => this.#answer(name, action, call) }
  }

  async #answer(name: string, action: Action, call: ActionCall): Promise<object> {
    const { ClientToken: token, ...parameters } = call.parameters
    if (!token) return action.handle(call)
    if (!/^[\x20-\x7e]{1,64}$/.test(token)) {
      throw new ActionError(
        400,
        'InvalidClientToken.Malformed',
        'The specified parameter "ClientToken" is not valid.',
      )
    }
    const key = `${name} ${token}`
    const known = this.#calls.get(key)
    if (known && call.now - known.at < LIFETIME_MS) {
      if (!isDeepStrictEqual(known.parameters, parameters)) {
        throw new ActionError(
          400,
          'IdempotentParameterMismatch',
          'Request uses a client token in a previous request but is not identical to that request.',
        )
      }
      return known.answer
    }
    const answer = (async () => action.handle(call))()
    this.#calls.set(key, { parameters, answer, at: call.now })
    answer.catch(() => this.#calls.delete(key))
    return answer
  }
}
