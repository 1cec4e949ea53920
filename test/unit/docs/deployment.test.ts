import { expect, test } from 'vitest'
import { runProgram } from '../infra/program-run.ts'
import { codeSpans, readText, table } from './markdown.ts'

test('the documented number of resources is created, the stack itself included', async () => {
  const { recorded } = await runProgram()
  const page = await readText('docs/deploying.md')
  expect(page).toContain(`    + ${recorded.length + 1} created\n`)
  expect(page).toContain(`\n${recorded.length + 1} resources: `)
  expect(await readText('docs/zh-CN/deploying.md')).toContain(`共 ${recorded.length + 1} 个资源`)
})

test('the documented command replaces the key', async () => {
  const { recorded } = await runProgram()
  const rows = table(await readText('docs/deploying.md'), 'task')
  const [row = []] = rows.filter(([task]) => task === 'rotate the key')
  const [, name] =
    /^npm run up -- --replace "\*\*([\w-]+)"$/.exec(codeSpans(row[1] ?? '')[0] ?? '') ?? []
  const found = recorded.filter((registration) => registration.name === name)
  expect(found.map(({ type }) => type)).toEqual(['alicloud:ram/accessKey:AccessKey'])
})

test('the documented costs are those of the resources that are created', async () => {
  const { recorded } = await runProgram()
  const count = (type: string) => recorded.filter((made) => made.type === type).length
  const billed = table(await readText('docs/cost.md'), 'resource').map(([first]) => first)
  expect(billed.map((first) => first?.replace(/^1 /, ''))).toEqual([
    'ECS instance',
    'system disk of 20 GiB',
    'EIP',
    'OSS: the uploads',
    'OSS: the release',
  ])
  expect(count('alicloud:ecs/instance:Instance')).toBe(1)
  expect(count('alicloud:ecs/eipAddress:EipAddress')).toBe(1)
  expect(count('alicloud:oss/bucket:Bucket')).toBe(2)
  const instance = recorded.find(({ type }) => type === 'alicloud:ecs/instance:Instance')
  expect(instance?.inputs).toMatchObject({ systemDiskSize: 20 })
  const address = recorded.find(({ type }) => type === 'alicloud:ecs/eipAddress:EipAddress')
  expect(address?.inputs).toMatchObject({ internetChargeType: 'PayByTraffic' })
})
