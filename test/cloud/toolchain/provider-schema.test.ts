import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { findToolchain } from './toolchain.ts'

const PACKAGE = new URL('../../../node_modules/@pulumi/alicloud/', import.meta.url)

/** Newer than the provider's Go module; the stack must not use them. */
const MISSING = [
  'alicloud:ecs/instance:Instance enableNetworkEncryption',
  'alicloud:ecs/instance:Instance instanceMetadataTags',
  'alicloud:ecs/securityGroupRule:SecurityGroupRule sourceGroupOwnerId',
  'alicloud:ram/user:User tags',
]

interface Schema {
  resources: Record<string, { inputProperties?: Record<string, unknown> }>
  functions: Record<string, { inputs?: { properties?: Record<string, unknown> } }>
}

test('the built provider accepts the inputs of the npm package', async () => {
  const { plugin } = await findToolchain(console.log)
  const { stdout } = await promisify(execFile)(plugin, ['schema'], { maxBuffer: 64 * 1024 ** 2 })
  const schema = JSON.parse(stdout) as Schema
  const missing: string[] = []
  for (const [token, { inputProperties = {} }] of Object.entries(schema.resources)) {
    const { type, properties } = await packageType(token)
    expect(type, token).toBe(token)
    missing.push(
      ...properties.filter((name) => !(name in inputProperties)).map((n) => `${token} ${n}`),
    )
    expect(Object.keys(inputProperties).filter((name) => !properties.includes(name))).toEqual([])
  }
  for (const [token, { inputs }] of Object.entries(schema.functions)) {
    if (!token.startsWith('alicloud:')) continue
    const { properties } = await packageType(token)
    missing.push(
      ...properties.filter((n) => !(n in (inputs?.properties ?? {}))).map((n) => `${token} ${n}`),
    )
  }
  expect(missing).toEqual(MISSING)
})

/** Returns the token that a class of the package registers, and the properties of its arguments. */
async function packageType(
  token: string,
): Promise<{ type: string | undefined; properties: string[] }> {
  const [, path = '', name = ''] = token.split(':')
  const file = path.replace(/^index\//, '')
  const code = await readFile(new URL(`${file}.js`, PACKAGE), 'utf8')
  const types = await readFile(new URL(`${file}.d.ts`, PACKAGE), 'utf8')
  const source = ts.createSourceFile(join(file), types, ts.ScriptTarget.Latest, true)
  const wanted = `${name.charAt(0).toUpperCase()}${name.slice(1)}Args`
  const properties: string[] = []
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== wanted) return
    for (const { name: property } of node.members) {
      if (property && ts.isIdentifier(property)) properties.push(property.text)
    }
  })
  return { type: /__pulumiType = '([^']+)'/.exec(code)?.[1], properties }
}
