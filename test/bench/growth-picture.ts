/** Figures for one number of concurrent clients. */
export interface GrowthPoint {
  clients: number
  perSecond: number
  p99Ms: number
  /** Why this number of clients could not be served. */
  failure?: string
}

/** What was measured with increasing numbers of clients. */
export interface Curve {
  title: string
  points: GrowthPoint[]
}

/** A rate limit that the measurement does not include. */
export interface Limit {
  perSecond: number
  title: string
}

const PLOT = { left: 70, top: 40, width: 330, height: 200, gap: 90 }
const COLORS = ['#0b6bcb', '#c2410c']

/**
 * Renders two diagrams side by side as SVG: rate, and 99th percentile of the duration.
 *
 * @param limits Horizontal lines in the first diagram
 */
export function renderGrowth(curves: readonly Curve[], limits: readonly Limit[]): string {
  const width = PLOT.left * 2 + PLOT.width * 2 + PLOT.gap
  const height = PLOT.top + PLOT.height + 80
  const second = PLOT.left + PLOT.width + PLOT.gap
  const legend = curves.map(
    ({ title }, n) =>
      `<g transform="translate(${PLOT.left + n * 180} ${height - 14})"><rect width="14" height="4" y="-6" fill="${COLORS[n]}"/><text x="20">${title}</text></g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">
<title>Rate and 99th percentile of signatures and uploads by number of concurrent clients</title>
<rect width="100%" height="100%" fill="#fff"/>
${diagram('served per second', PLOT.left, curves, ({ perSecond }) => perSecond, limits)}
${diagram('99th percentile, milliseconds', second, curves, ({ p99Ms }) => p99Ms)}
${legend.join('\n')}
</svg>
`
}

function diagram(
  title: string,
  left: number,
  curves: readonly Curve[],
  value: (point: GrowthPoint) => number,
  limits: readonly Limit[] = [],
): string {
  const served = curves.map(({ points }) => points.filter((point) => point.failure === undefined))
  const values = [...served.flat().map(value), ...limits.map(({ perSecond }) => perSecond)]
  const [low, high] = [powerBelow(Math.min(...values)), powerAbove(Math.max(...values))]
  const x = (clients: number): number => (Math.log10(clients) / 4) * PLOT.width
  const y = (figure: number): number =>
    PLOT.height * (1 - Math.log10(figure / low) / Math.log10(high / low))
  const across = [1, 10, 100, 1000, 10_000].map(
    (clients) =>
      `<line x1="${x(clients)}" x2="${x(clients)}" y2="${PLOT.height}" stroke="#ddd"/><text x="${x(clients)}" y="${PLOT.height + 18}" text-anchor="middle">${clients.toLocaleString('en')}</text>`,
  )
  const up: string[] = []
  for (let figure = low; figure <= high * 1.001; figure *= 10) {
    up.push(
      `<line x2="${PLOT.width}" y1="${y(figure)}" y2="${y(figure)}" stroke="#ddd"/><text x="-8" y="${y(figure) + 4}" text-anchor="end">${Number(figure.toPrecision(3)).toLocaleString('en')}</text>`,
    )
  }
  const ends = limits.map(({ perSecond, title: name }) => {
    const at = y(perSecond).toFixed(1)
    return `<line x2="${PLOT.width}" y1="${at}" y2="${at}" stroke="#666" stroke-dasharray="5 4"/><text x="${PLOT.width - 6}" y="${Number(at) + 14}" text-anchor="end" font-size="11" fill="#555">${name}</text>`
  })
  const lines = served.map((points, n) => {
    const path = points.map(
      (point) => `${x(point.clients).toFixed(1)},${y(value(point)).toFixed(1)}`,
    )
    const dots = path.map((at) => {
      const [cx, cy] = at.split(',')
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${COLORS[n]}"/>`
    })
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${COLORS[n]}" stroke-width="2"/>${dots.join('')}`
  })
  return `<g transform="translate(${left} ${PLOT.top})">
<text y="-16" font-weight="600">${title}</text>
${across.join('')}${up.join('')}${ends.join('')}
${lines.join('\n')}
<text x="${PLOT.width / 2}" y="${PLOT.height + 38}" text-anchor="middle">concurrent clients</text>
</g>`
}

function powerBelow(figure: number): number {
  return 10 ** Math.floor(Math.log10(figure))
}

function powerAbove(figure: number): number {
  return 10 ** Math.ceil(Math.log10(figure))
}
