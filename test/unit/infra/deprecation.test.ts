import { readFile } from 'node:fs/promises'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { runProgram, SECRETS } from './program-run.ts'

const PACKAGE = new URL('../../../node_modules/@pulumi/alicloud/', import.meta.url)

interface ResourceTypes {
  deprecated: boolean
  /** Properties of the arguments; those that are deprecated are true. */
  properties: Map<string, boolean>
}

/** Reads what the provider's package says of a resource: `alicloud:oss/bucket:Bucket`. */
async function resourceTypes(token: string): Promise<ResourceTypes> {
  const [, file, name] = token.split(':')
  const text = await readFile(new URL(`${file}.d.ts`, PACKAGE), 'utf8')
  const source = ts.createSourceFile(`${file}.d.ts`, text, ts.ScriptTarget.Latest, true)
  const types: ResourceTypes = { deprecated: false, properties: new Map() }
  source.forEachChild((node) => {
    if (ts.isClassDeclaration(node) && node.name?.text === name) {
      types.deprecated = ts.getJSDocDeprecatedTag(node) !== undefined
    }
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== `${name}Args`) return
    for (const member of node.members) {
      if (member.name && ts.isIdentifier(member.name)) {
        types.properties.set(member.name.text, ts.getJSDocDeprecatedTag(member) !== undefined)
      }
    }
  })
  return types
}

test('the program uses no resource or property that is deprecated or unknown', async () => {
  const { recorded } = await runProgram({
    password: SECRETS.password,
    accessCode: SECRETS.code,
    sshCidrs: '["203.0.113.7/32"]',
    objectExpiryDays: '7',
    tags: '{"team":"web"}',
  })
  const used = recorded.filter(({ type }) => type.startsWith('alicloud:'))
  expect(used.length).toBeGreaterThan(25)
  const wrong: string[] = []
  for (const { type, inputs } of used) {
    const { deprecated, properties } = await resourceTypes(type)
    expect(properties.size, type).toBeGreaterThan(1)
    if (deprecated) wrong.push(type)
    for (const property of Object.keys(inputs)) {
      if (properties.get(property) !== false) wrong.push(`${type} ${property}`)
    }
  }
  expect(wrong).toEqual([])
})

test('a deprecated property is found', async () => {
  const { properties } = await resourceTypes('alicloud:ecs/instance:Instance')
  expect(properties.get('roleName')).toBe(true)
  expect(properties.get('userData')).toBe(false)
  expect((await resourceTypes('alicloud:ecs/eip:Eip')).deprecated).toBe(true)
})
