import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowHeights } from '../../../app/client/page/row-heights.ts'

const change = fc.oneof(
  fc.record({ add: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ set: fc.nat(), height: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ drop: fc.integer({ min: 2, max: 5 }) }),
)

test('places of rows are those of a plain list of heights', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.nat(9000), (changes, y) => {
      const rows = new RowHeights(60)
      let heights: number[] = []
      for (const each of changes) {
        if ('add' in each) {
          rows.add(each.add)
          heights.push(...Array<number>(each.add).fill(60))
        } else if ('drop' in each) {
          rows.retain((row) => row % each.drop !== 0)
          heights = heights.filter((_, row) => row % each.drop !== 0)
        } else if (heights.length > 0) {
          const row = each.set % heights.length
          rows.set(row, each.height)
          heights[row] = each.height
        }
      }
      const offsets = heights.map((_, row) => heights.slice(0, row).reduce((a, b) => a + b, 0))
      expect(heights.map((_, row) => rows.offset(row))).toEqual(offsets)
      expect(rows.total).toBe(heights.reduce((a, b) => a + b, 0))
      const found = offsets.findLastIndex((offset) => offset <= y)
      expect(rows.rowAt(y)).toBe(Math.max(0, found))
      expect(rows.rowAt(-1)).toBe(0)
    }),
  )
})
