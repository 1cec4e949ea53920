/** Returns a code span. */
export function code(text: string): string {
  return `\`${text}\``
}

/** Returns a table in Markdown, its columns aligned as Biome formats them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  const line = (cells: readonly string[], fill = ' '): string => {
    const padded = cells.map((cell, i) => cell + fill.repeat((widths[i] ?? 0) - width(cell)))
    return `| ${padded.join(' | ')} |\n`
  }
  const rule = line(
    head.map(() => ''),
    '-',
  )
  return line(head) + rule + rows.map((row) => line(row)).join('')
}

/** Returns the columns that a text takes: two for each Chinese character or full-width sign. */
function width(text: string): number {
  return [...text].reduce(
    (sum, sign) => sum + (/[\u2e80-\ua4cf\uff00-\uff60]/.test(sign) ? 2 : 1),
    0,
  )
}
