import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'
import type { StackProject } from './stack-project.ts'

const REGION = 'ap-southeast-1'
/** Functions in the state of earlier versions, the oldest first. */
const EARLIER = ['earlier-bucket-contents', 'bucket-contents-with-path']

test.each(EARLIER)(
  'a stack with the state of %s is updated without a replacement, and its buckets are emptied before and after',
  async (name) => {
    const { cloud, project } = await setUpDeployment()
    expectSuccess(await project.up())
    const { OssBucketName: bucket = '' } = await project.outputs()
    const current = await providerText(project)
    const file = new URL(`../../unit/infra/dynamic/${name}.txt`, import.meta.url)
    const earlier = await readFile(file, 'utf8')

    await replaceProviderText(project, current, earlier)
    const updated = expectSuccess(await project.up('--diff'))
    expect(await providerText(project)).toBe(current)
    expect(updated.output).not.toMatch(/replace/)
    expect(updated.output).toMatch(/~ 1 updated/)

    await replaceProviderText(project, current, earlier)
    const key = await project.accessKey()
    expect(
      await requestOss(cloud, key, REGION, { bucket, key: 'upload/a', method: 'PUT', body: 'a' }),
    ).toBe('200')
    const { output } = await destroyCleanly(cloud, project)
    expect(output).toContain(`${bucket}: 1 objects deleted`)
  },
)

interface State {
  deployment: { resources: { type: string; outputs?: { __provider?: string } }[] }
}

/** The functions of the resource that empties the bucket, as they are stored in the state. */
async function providerText(project: StackProject): Promise<string> {
  const { deployment } = JSON.parse(await project.state()) as State
  const contents = deployment.resources.find(
    ({ type }) => type === 'pulumi-nodejs:dynamic:BucketContents',
  )
  return contents?.outputs?.__provider ?? ''
}

async function replaceProviderText(
  project: StackProject,
  before: string,
  after: string,
): Promise<void> {
  const state = (await project.state()).replaceAll(JSON.stringify(before), () =>
    JSON.stringify(after),
  )
  const file = join(project.folder, 'state.json')
  await writeFile(file, state)
  expectSuccess(await project.run(['stack', 'import', '--file', file]))
  expect(await providerText(project)).toBe(after)
}
