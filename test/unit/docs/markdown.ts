import { readdir, readFile } from 'node:fs/promises'

const ROOT = new URL('../../../', import.meta.url)

/** A heading, a table or a fenced block, in the order in which they stand. */
export interface MarkdownPart {
  kind: 'heading' | 'table' | 'code'
  /** Heading: its level. */
  level?: number
  /** Heading: its text. Code: what is between the fences. */
  text: string
  /** Code: what is behind the opening fence. */
  language?: string
  /** Table: the cells of every row but the line below the head. */
  rows?: string[][]
}

/** Text of a file of the repository. @param path From its root */
export async function readText(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8')
}

/** Paths of the documents for people, from the repository's root. */
export async function documents(): Promise<string[]> {
  const inside = (await readdir(new URL('docs/', ROOT))).map((name) => `docs/${name}`)
  return ['README.md', 'README.zh-CN.md', ...inside].filter((path) => path.endsWith('.md'))
}

/** Takes a document apart. */
export function markdownParts(text: string): MarkdownPart[] {
  const parts: MarkdownPart[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const fence = /^```(\w*)$/.exec(line)
    const heading = /^(#{1,6}) (.+)$/.exec(line)
    if (fence) {
      const end = lines.indexOf('```', i + 1)
      const text = `${lines.slice(i + 1, end).join('\n')}\n`
      parts.push({ kind: 'code', language: fence[1] ?? '', text })
      i = end
    } else if (heading) {
      parts.push({ kind: 'heading', level: heading[1]?.length ?? 0, text: heading[2] ?? '' })
    } else if (line.startsWith('|')) {
      const start = i
      while (lines[i + 1]?.startsWith('|')) i += 1
      const rows = lines.slice(start, i + 1).map(cells)
      rows.splice(1, 1)
      parts.push({ kind: 'table', text: '', rows })
    }
  }
  return parts
}

/**
 * The rows below the head of the one table whose first column has this name.
 *
 * @throws Error unless there is exactly one
 */
export function table(text: string, firstColumn: string): string[][] {
  const found = markdownParts(text).filter(({ rows }) => rows?.[0]?.[0] === firstColumn)
  if (found.length !== 1) throw new Error(`${found.length} tables start with "${firstColumn}"`)
  return found[0]?.rows?.slice(1) ?? []
}

/** What stands between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
