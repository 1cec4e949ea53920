import { readdir, readFile } from 'node:fs/promises'

const ROOT = new URL('../../../', import.meta.url)

/** A heading, a table or a fenced block. */
export interface MarkdownPart {
  kind: 'heading' | 'table' | 'code'
  /** Level of the heading. */
  level?: number
  /** Text of the heading, or of the block. */
  text: string
  /** Code: the language after the opening fence. */
  language?: string
  /** Cells of the table, head included. */
  rows?: string[][]
}

/** Returns the text of a file of the repository. @param path From its root */
export async function readText(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8')
}

/** Returns the paths of all documents, from the repository's root. */
export async function documents(): Promise<string[]> {
  const inside = await readdir(new URL('docs/', ROOT), { recursive: true })
  const pages = inside.map((name) => `docs/${name}`).filter((path) => path.endsWith('.md'))
  const parts = [
    'app/client/uploader',
    'app/client/uppy',
    'app/oss',
    'app/server',
    'app/signing',
    'infra',
  ]
  return [
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'README.md',
    'README.zh-CN.md',
    ...pages.toSorted(),
    ...parts.map((folder) => `${folder}/README.md`),
  ]
}

/** Returns the headings, tables and fenced blocks of a document. */
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
 * Returns the rows below the head of the one table whose first column has this name.
 *
 * @throws Error unless there is exactly one
 */
export function table(text: string, firstColumn: string): string[][] {
  const found = markdownParts(text).filter(({ rows }) => rows?.[0]?.[0] === firstColumn)
  if (found.length !== 1) throw new Error(`${found.length} tables start with "${firstColumn}"`)
  return found[0]?.rows?.slice(1) ?? []
}

/** Returns the texts between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
