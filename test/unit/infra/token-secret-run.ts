import { compileFunction, constants } from 'node:vm'
import { TokenSecret } from '../../../infra/ram/token-secret.ts'
import { named, recordRegistrations, settled } from './registrations.ts'

/*
 * Registers a token secret and prints, as JSON, what the engine is given and what the functions do
 * that it keeps as text. Runs on its own, because that text is to be Node's.
 */

interface Provider {
  create(inputs: unknown): Promise<unknown>
  diff(id: string, olds: unknown, news: unknown): Promise<unknown>
}

const recorded = await recordRegistrations()
new TokenSecret('token-secret')
await settled()

const { inputs, ...registration } = named(recorded, 'token-secret')
const { __provider: text, ...others } = inputs
const loaded: { handler?: () => Provider } = {}
compileFunction(String(text), ['exports'], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})(loaded)
const provider = loaded.handler?.()
const created = [await provider?.create({}), await provider?.create({})]
const difference = await provider?.diff('token-secret', { value: 'one' }, {})
console.log(JSON.stringify({ ...registration, inputs: others, created, difference }))
