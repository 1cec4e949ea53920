import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { SDK_OPERATIONS, SERVED } from '../unit/oss/sdk-operations.ts'
import type { Cell } from './cells.ts'

/** The result of one operation. */
export interface Outcome {
  /** Title of the client. */
  client: string
  cell: Cell
  operation: string
  /** Null when it succeeded. */
  error: string | null
}

const DOCUMENT = fileURLToPath(new URL('../../docs/embedded-oss.md', import.meta.url))
const MARKERS = ['<!-- clients: start -->', '<!-- clients: end -->'] as const

/** Renders the tables: client by address, and operation by client, with all operations that OSS alone has. */
export function renderTables(outcomes: readonly Outcome[], clients: readonly string[]): string {
  const addresses = [...new Set(outcomes.map(({ cell }) => cell.address))]
  const operations = [...new Set(outcomes.map(({ operation }) => operation))]
  const byAddress = table(
    ['address', ...clients],
    addresses.map((address) => [
      address,
      ...clients.map((client) =>
        versions(outcomes.filter((one) => one.client === client && one.cell.address === address)),
      ),
    ]),
  )
  const byOperation = table(
    ['operation', ...clients],
    [
      ...operations.map((operation) => [
        operation,
        ...clients.map((client) =>
          versions(outcomes.filter((one) => one.client === client && one.operation === operation)),
        ),
      ]),
      ...SDK_OPERATIONS.map(([, , , name]) => name)
        .filter((name) => !SERVED.has(name))
        .map((name) => [name, ...clients.map(() => '501')]),
    ],
  )
  return `${byAddress}\n\n${byOperation}`
}

/** Puts the tables into docs/embedded-oss.md. */
export async function writeTables(tables: string): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8')
  const [start, end] = MARKERS.map((marker) => text.indexOf(marker)) as [number, number]
  if (start < 0 || end < start) throw new Error(`${DOCUMENT} has no place for the tables`)
  const before = text.slice(0, start + MARKERS[0].length)
  await writeFile(DOCUMENT, `${before}\n\n${tables}\n\n${text.slice(end)}`)
}

/** Returns the signature versions under which all outcomes succeeded. */
function versions(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return ''
  const good = ['V1', 'V4'].filter((version) => {
    const own = outcomes.filter(({ cell }) => cell.version === version)
    return own.length > 0 && own.every(({ error }) => error === null)
  })
  const tested = ['V1', 'V4'].filter((v) => outcomes.some(({ cell }) => cell.version === v))
  const bad = tested.filter((version) => !good.includes(version))
  return [...good, ...bad.map((version) => `~~${version}~~`)].join(' ')
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((text, i) =>
    Math.max(text.length, 3, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
