import { expect, test } from 'vitest'
import { removeRules } from '../../../app/client/build/trim-uppy.ts'

test.each([
  ['a{b:c}.x-1{d:e}f{g:h}', 'a{b:c}f{g:h}'],
  ['a,.x-1,.x-2 b{c:d}', 'a{c:d}'],
  ['@media (min-width:1px){.x-1{a:b}.y{c:d}}', '@media (min-width:1px){.y{c:d}}'],
  ['@media print{.x-1{a:b}}z{c:d}', 'z{c:d}'],
  ['@charset "utf-8";.x-1{a:b}y{c:d}', '@charset "utf-8";y{c:d}'],
  ['@keyframes k{0%{a:b}to{a:c}}', '@keyframes k{0%{a:b}to{a:c}}'],
  ['', ''],
])('%s becomes %s', (css, left) => {
  expect(removeRules(css, /\.x-/)).toBe(left)
})
