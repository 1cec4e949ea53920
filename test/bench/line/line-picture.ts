/** One row of the picture: the uploaders with one load on one line. */
export interface PictureRow {
  line: string
  load: string
  /** Time as a multiple of the line's own, by title of the uploader. */
  multiples: Readonly<Record<string, number>>
}

const PLOT = { left: 130, top: 34, width: 640, row: 24, gap: 44 }
const COLORS = ['#0b6bcb', '#0b9b8a', '#6b7280', '#7c3aed', '#c2410c', '#be185d', '#a16207']
const STEPS = [1, 2, 4, 8, 16, 32]

/** Renders all rows as SVG, on one logarithmic axis, grouped by line. */
export function renderLines(rows: readonly PictureRow[]): string {
  const titles = [...new Set(rows.flatMap(({ multiples }) => Object.keys(multiples)))]
  const lines = [...new Set(rows.map(({ line }) => line))]
  const largest = Math.max(...rows.flatMap(({ multiples }) => Object.values(multiples)))
  const steps = STEPS.filter((step) => step < largest * 2)
  const end = steps.at(-1) as number
  const x = (multiple: number): number =>
    PLOT.left + (PLOT.width * Math.log(Math.max(1, multiple))) / Math.log(end)
  let y = PLOT.top
  const groups = lines.map((line) => {
    const group = rows.filter((row) => row.line === line)
    const top = y
    y += group.length * PLOT.row + PLOT.gap
    return renderGroup(line, group, top, { titles, steps, x })
  })
  const legend = titles.map((title, n) => {
    const [left, top] = [PLOT.left + (n % 2) * 320, y + Math.floor(n / 2) * 20]
    return `<g transform="translate(${left} ${top})">${dot(5, -4, n)}<text x="18">${title}</text></g>`
  })
  const height = y + Math.ceil(titles.length / 2) * 20 + 4
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PLOT.left + PLOT.width + 40} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">
<title>Time of uploads over three lines, as a multiple of what the line itself needs</title>
<rect width="100%" height="100%" fill="#fff"/>
${groups.join('\n')}
${legend.join('\n')}
</svg>
`
}

interface Scale {
  titles: readonly string[]
  steps: readonly number[]
  x: (multiple: number) => number
}

function renderGroup(
  line: string,
  rows: readonly PictureRow[],
  top: number,
  { titles, steps, x }: Scale,
): string {
  const height = rows.length * PLOT.row
  const grid = steps.map(
    (step) =>
      `<line x1="${x(step)}" x2="${x(step)}" y1="${top}" y2="${top + height}" stroke="#ddd"/><text x="${x(step)}" y="${top + height + 14}" text-anchor="middle" fill="#555">${step}</text>`,
  )
  const drawn = rows.map(({ load, multiples }, n) => {
    const y = top + (n + 0.5) * PLOT.row
    // This project's dot comes first and is drawn last, on top.
    const dots = titles.flatMap((title, at) => {
      const multiple = multiples[title]
      return multiple === undefined ? [] : [dot(x(multiple), y, at)]
    })
    return `<text x="${PLOT.left - 12}" y="${y + 4}" text-anchor="end">${load}</text>${dots.reverse().join('')}`
  })
  return `<text x="${PLOT.left}" y="${top - 8}" font-weight="600">${line}: time as a multiple of the line's own</text>${grid.join('')}
${drawn.join('\n')}`
}

function dot(x: number, y: number, n: number): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y}" r="${n === 0 ? 6 : 4.5}" fill="${COLORS[n % COLORS.length]}"/>`
}
