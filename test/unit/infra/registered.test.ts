import * as pulumi from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import { registered } from '../../../infra/pulumi/registered.ts'
import { recordRegistrations } from './registrations.ts'

class Part extends pulumi.CustomResource {}

class Network extends pulumi.ComponentResource {
  constructor(name: string) {
    super('test:index:Network', name)
    new Part('test:index:Part', `${name}-part`, {}, { parent: this })
  }
}

test('a component and its children are registered before the program continues', async () => {
  const recorded = await recordRegistrations()
  const network = new Network('web')
  expect(recorded).toEqual([])
  await registered(network)
  expect(recorded.map(({ name }) => name)).toEqual(['web', 'web-part'])
})
