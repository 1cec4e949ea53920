import { TokenSecret } from '../../../../infra/ram/token-secret.ts'
import { named, recordRegistrations, settled } from '../registrations.ts'
import { loadProvider } from './load-provider.ts'

/*
 * Registers a token secret and prints, as JSON, what the engine receives and what the stored
 * functions return. A program of its own, because Node has to compile these functions, not Vitest.
 */

const recorded = await recordRegistrations()
new TokenSecret('token-secret')
await settled()

const { inputs, ...registration } = named(recorded, 'token-secret')
const { __provider: text, ...others } = inputs
const provider = loadProvider(text)
const created = [await provider.create({}), await provider.create({})]
const difference = await provider.diff('token-secret', { value: 'one', __provider: 'old' }, {})
console.log(JSON.stringify({ ...registration, inputs: others, created, difference }))
