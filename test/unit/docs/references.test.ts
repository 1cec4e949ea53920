import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codeSpans, documents, markdownParts, readText, table } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Returns the anchor that GitHub makes of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

test('every link leads somewhere', async () => {
  let count = 0
  for (const path of await documents()) {
    const text = (await readText(path)).replaceAll(/```[\s\S]*?```/g, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      count += 1
      if (/^https:\/\//.test(target)) continue
      const [file = '', fragment] = target.split('#')
      const to = file === '' ? path : join(dirname(path), file)
      expect([path, target, existsSync(join(ROOT, to))]).toEqual([path, target, true])
      if (fragment === undefined) continue
      const headings = markdownParts(await readText(to)).filter(({ kind }) => kind === 'heading')
      expect(headings.map(({ text }) => anchor(text))).toContain(fragment)
    }
  }
  expect(count).toBeGreaterThan(20)
})

test('every script that is named exists', async () => {
  const { scripts } = JSON.parse(await readText('package.json')) as { scripts: object }
  const named = new Set<string>()
  for (const path of await documents()) {
    for (const [, name = ''] of (await readText(path)).matchAll(/npm run ([\w:]+)/g))
      named.add(name)
  }
  expect([...named]).toContain('up')
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...named]))
})

test('every file and folder of the repository that is named exists', async () => {
  const known = /`((?:app|infra|test|scripts|docs)(?:\/[\w.-]+)*)`/g
  for (const path of await documents()) {
    for (const [, name = ''] of (await readText(path)).matchAll(known)) {
      expect([path, name, existsSync(join(ROOT, name))]).toEqual([path, name, true])
    }
  }
})

test('every documented message is in the sources', async () => {
  const rows = table(await readText('docs/troubleshooting.md'), 'message')
  const folders = ['app', 'infra', 'test/cloud/control-plane']
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !/(^|[/\\])dist[/\\]/.test(name))
      .map((name) => join(ROOT, folder, name)),
  )
  const sources = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  // Messages of the browser and of Pulumi.
  const elsewhere = /^(No 'Access-Control-Allow-Origin' header|passphrase must be set)/
  const said = rows.flatMap(([first = '']) => codeSpans(first)).filter((t) => !elsewhere.test(t))
  expect(said.length).toBeGreaterThan(15)
  const pieces = said.flatMap((text) =>
    text.split(/…:?|\w+: (?=\w+ )|(?<=EntityAlreadyExists\.)User/),
  )
  const missing = pieces.map((piece) => piece.trim()).filter((piece) => !sources.includes(piece))
  expect(missing).toEqual([])
})

const RAM_ENTITIES = ['policy', 'role', 'user']
const OWN = 'oss-direct-upload-*'

/** Returns what a statement is allowed to cover, by its first action. */
function resourcesOf(action: string): string[] {
  if (action === 'ram:CreateServiceLinkedRole') return ['acs:ram:*:*:role/*']
  if (action === 'ram:CreatePolicy') return RAM_ENTITIES.map((entity) => `acs:ram:*:*:${entity}/*`)
  if (action.startsWith('ram:')) return RAM_ENTITIES.map((entity) => `acs:ram:*:*:${entity}/${OWN}`)
  if (action === 'oss:ListBuckets') return ['acs:oss:*:*:*']
  return action.startsWith('oss:') ? [`acs:oss:*:*:${OWN}`] : ['*']
}

test.each([
  [
    'docs/deployer-policy.json',
    /^(bssapi|quotas|ecs|vpc|ram|oss):([A-Z]\w+|(Describe|Get|List)\*)$/,
  ],
  [
    'docs/deployer-policy-fleet.json',
    /^((alb|ess):([A-Z]\w+|(Describe|Get|List)\*)|ram:CreateServiceLinkedRole)$/,
  ],
])('%s has sorted, distinct actions, and patterns for reads alone', async (path, known) => {
  const policy = JSON.parse(await readText(path)) as {
    Version: string
    Statement: { Effect: string; Action: string[]; Resource: string[] }[]
  }
  expect(policy.Version).toBe('1')
  expect(policy.Statement.length).toBeGreaterThan(1)
  for (const { Effect, Action, Resource } of policy.Statement) {
    expect(Effect).toBe('Allow')
    expect(Resource).toEqual(resourcesOf(Action[0] ?? ''))
    expect(Action).toEqual([...new Set(Action)].toSorted())
    for (const action of Action) expect(action).toMatch(known)
  }
  // The most characters that RAM accepts for one custom policy.
  expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144)
})

test('the picture of the architecture is self-contained, and has a text alternative', async () => {
  const picture = await readText('docs/architecture.svg')
  expect(picture).toMatch(/^<svg [^>]*role="img"/)
  expect(picture).toMatch(/<title[^>]*>.+<\/title>/)
  expect(picture).toMatch(/<desc[^>]*>.+<\/desc>/)
  expect(picture).toContain('prefers-color-scheme: dark')
  expect(picture).not.toMatch(/@import|@font-face|<script|<image|(?:href|src)="|url\((?!#)/)
})
