import { expect, test } from 'vitest'
import { codeInFragment } from '../../../app/client/page/access-code-form.ts'

test.each([
  ['#code=a+b', 'a+b'],
  ['#code=a%20b%2Fc', 'a b/c'],
  ['#x=1&code=abc', 'abc'],
  ['#code=', undefined],
  ['', undefined],
  ['#code=%E5%AF%86', undefined],
  ['#code=a%0Ab', undefined],
])('the access code in %s is %s', (hash, code) => {
  expect(codeInFragment(hash)).toBe(code)
})
