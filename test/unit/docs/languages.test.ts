import { expect, test } from 'vitest'
import { codeSpans, markdownParts, readText } from './markdown.ts'

const english = await readText('README.md')
const chinese = await readText('README.zh-CN.md')
const parts = { english: markdownParts(english), chinese: markdownParts(chinese) }

function withoutComments(text: string): string {
  return text.replaceAll(/\s*#.*$/gm, '')
}

test('headings, tables and blocks follow each other in both languages', () => {
  const outline = (list: typeof parts.english) =>
    list.map(({ kind, level, language, rows }) =>
      kind === 'heading' ? `h${level}` : kind === 'code' ? `\`\`\`${language}` : `${rows?.length}`,
    )
  expect(parts.english.filter(({ kind }) => kind === 'heading').length).toBeGreaterThan(15)
  expect(outline(parts.chinese)).toEqual(outline(parts.english))
})

test('blocks say the same in both languages, but for their comments', () => {
  const blocks = (list: typeof parts.english) =>
    list.filter(({ kind }) => kind === 'code').map(({ text }) => withoutComments(text))
  expect(blocks(parts.chinese)).toEqual(blocks(parts.english))
})

test('the first columns of tables name the same, and every row the same links and commands', () => {
  const rows = (list: typeof parts.english) => list.flatMap((part) => part.rows ?? [])
  const named = (list: typeof parts.english) => rows(list).map(([first = '']) => codeSpans(first))
  expect(named(parts.chinese)).toEqual(named(parts.english))
  const typed = (list: typeof parts.english) =>
    rows(list).map((row) =>
      codeSpans(row.slice(1).join(' ')).filter((code) =>
        /^(npm|pulumi|git|journalctl) /.test(code),
      ),
    )
  expect(typed(parts.chinese)).toEqual(typed(parts.english))
})

test('both link to the same places', () => {
  const links = (text: string) =>
    [...text.matchAll(/\]\(((?:https:|docs\/|test\/|app\/)[^)#]+)\)/g)].map(([, to]) => to)
  expect(links(chinese)).toEqual(links(english))
})

test('the Chinese text is Chinese', () => {
  const prose = chinese.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`]+`/g, '')
  const characters = [...prose.matchAll(/\p{Script=Han}/gu)].length
  expect(characters).toBeGreaterThan(2000)
  // Full-width punctuation between Chinese characters.
  expect([...prose.matchAll(/\p{Script=Han}[,;:?!]\p{Script=Han}/gu)].map(([hit]) => hit)).toEqual(
    [],
  )
})
