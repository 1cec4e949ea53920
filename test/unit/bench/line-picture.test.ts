import { describe, expect, it } from 'vitest'
import { renderLines } from '../../bench/line/line-picture.ts'

const ROWS = [
  { line: '10 ms', load: 'small', multiples: { ours: 1, theirs: 4 } },
  { line: '10 ms', load: 'large', multiples: { ours: 0.9 } },
  { line: '60 ms', load: 'small', multiples: { ours: 2, theirs: 3 } },
]

describe('renderLines', () => {
  const svg = renderLines(ROWS)

  it('draws a group for each line, with a row for each load', () => {
    expect(svg.match(/font-weight="600">[^<]*/g)).toEqual([
      `font-weight="600">10 ms: time as a multiple of the line's own`,
      `font-weight="600">60 ms: time as a multiple of the line's own`,
    ])
    expect(svg.match(/text-anchor="end">[^<]*/g)).toEqual([
      'text-anchor="end">small',
      'text-anchor="end">large',
      'text-anchor="end">small',
    ])
  })

  it('draws a dot for each figure and each entry of the legend, no farther left than 1', () => {
    expect(svg.match(/<circle/g)).toHaveLength(5 + 2)
    // 1 and 0.9 at the left end, 4 at the right end.
    expect(svg.match(/<circle cx="130.0"/g)).toHaveLength(2)
    expect(svg.match(/<circle cx="770.0"/g)).toHaveLength(1)
  })
})
