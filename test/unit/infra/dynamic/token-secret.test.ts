import { expect, test } from 'vitest'
import { runProgram } from './run-program.ts'

interface Created {
  id: string
  outs: { value: string }
}

test('a token secret is 32 random bytes, generated once and stored as a secret', async () => {
  const { created, ...rest } = await runProgram<{ created: Created[] }>('token-secret-run.ts')
  expect(rest).toEqual({
    type: 'pulumi-nodejs:dynamic:TokenSecret',
    name: 'token-secret',
    inputs: {},
    options: { additionalSecretOutputs: ['value'] },
    difference: { changes: false },
  })
  const values = created.map(({ outs }) => outs.value)
  expect(created).toEqual(values.map((value) => ({ id: 'token-secret', outs: { value } })))
  expect(values.map((value) => Buffer.from(value, 'base64url').length)).toEqual([32, 32])
  expect(values.map((value) => /^[\w-]{43}$/.test(value))).toEqual([true, true])
  expect(new Set(values).size).toBe(2)
})
