import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

test.each(['docs/deploying.md', 'docs/zh-CN/deploying.md'])(
  '%s names the versions of engine, SDK and provider that the tests build',
  async (page) => {
    const text = await read(page)
    const engine = /pulumi\/pkg\/v3 v(\S+)/.exec(
      await read('test/cloud/toolchain/engine/go.mod'),
    )?.[1]
    const provider = /terraform-provider-alicloud v(\S+)/.exec(
      await read('test/cloud/toolchain/provider/go.mod'),
    )?.[1]
    const { dependencies } = JSON.parse(await read('package.json'))
    expect(text).toContain(`| ${engine} `)
    expect(text).toContain(`| terraform-provider-alicloud ${provider} `)
    expect(text).toContain(`| ${dependencies['@pulumi/alicloud']} `)
    expect(text).toMatch(new RegExp(`\\| ${dependencies['@pulumi/pulumi']}[,，]`))
  },
)
