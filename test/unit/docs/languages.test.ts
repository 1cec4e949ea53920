import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { codeSpans, documents, type MarkdownPart, markdownParts, readText } from './markdown.ts'

/** Each document in English, and the same in Chinese. */
const pairs = (await documents())
  .filter((path) => path.includes('zh-CN'))
  .map((chinese) => [chinese.replace(/(\.zh-CN|zh-CN\/)/, ''), chinese] as const)

async function parts(path: string): Promise<MarkdownPart[]> {
  return markdownParts(await readText(path))
}

/** Where the links of a document lead, with a page in Chinese counted as the page in English. */
async function linkedPages(path: string): Promise<string[]> {
  const text = await readText(path)
  return [...text.matchAll(/\]\(([^)#\s]+)[^)\s]*\)/g)].map(([, target = '']) =>
    target.startsWith('https:')
      ? target
      : join(dirname(path), target).replace(/(\.zh-CN|zh-CN\/)/, ''),
  )
}

const codeOnly = (rows: readonly string[][]): string[][] =>
  rows.map(([first = '']) => codeSpans(first))

const commands = (rows: readonly string[][]): string[][] =>
  rows.map((row) =>
    codeSpans(row.slice(1).join(' ')).filter((code) => /^(npm|pulumi|git|journalctl) /.test(code)),
  )

test('what a deployer needs is there in Chinese', () => {
  expect(pairs.map(([english]) => english)).toEqual([
    'README.md',
    'docs/browsers.md',
    'docs/deploying.md',
    'docs/quick-deploy.md',
    'docs/settings.md',
    'docs/troubleshooting.md',
  ])
})

test.each(pairs)('%s and %s have the same headings, tables and blocks', async (...paths) => {
  const [english, chinese] = await Promise.all(
    paths.map(async (path) =>
      (await parts(path)).map(({ kind, level, language, rows, text }) => {
        if (kind === 'heading') return level
        return kind === 'table' ? rows?.length : [language, text.replaceAll(/\s*#.*$/gm, '')]
      }),
    ),
  )
  expect(chinese).toEqual(english)
})

test.each(pairs)(
  'the tables of %s and %s name the same, and the same commands',
  async (...paths) => {
    const [english = [], chinese = []] = await Promise.all(
      paths.map(async (path) => (await parts(path)).flatMap(({ rows }) => rows ?? [])),
    )
    expect(codeOnly(chinese)).toEqual(codeOnly(english))
    expect(commands(chinese)).toEqual(commands(english))
  },
)

test.each(pairs)('%s and %s link to the same places', async (english, chinese) => {
  const [to = [], from = []] = await Promise.all([english, chinese].map(linkedPages))
  expect(from).toEqual(to)
})

test.each(['README.md', 'README.zh-CN.md'])('%s has at most 150 lines', async (path) => {
  const lines = (await readText(path)).trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(150)
})

test.each(pairs)('%s is in Chinese in %s', async (_, path) => {
  const text = await readText(path)
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`]+`/g, '')
  expect([...prose.matchAll(/\p{Script=Han}/gu)].length).toBeGreaterThan(250)
  expect([...prose.matchAll(/\p{Script=Han}[,;:?!]\p{Script=Han}/gu)].map(([hit]) => hit)).toEqual(
    [],
  )
})
