import { expect, test } from 'vitest'
import { callbackReplyText } from '../../../app/client/page/callback-reply.ts'

test.each([
  ['', ''],
  ['  plain\n text ', 'plain text'],
  ['{"Status":"Ok"}', 'Status: Ok'],
  ['{"a":null,"b":[1],"c":{"d":2}}', 'a: null · b: [1] · c: {"d":2}'],
  ['{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7}', '1: 1 · 2: 2 · 3: 3 · 4: 4 · 5: 5 · 6: 6 · …'],
  [`{"a":"${'𝒳'.repeat(100)}"}`, `a: ${'𝒳'.repeat(79)}…`],
  ['[1,2]', '[1,2]'],
  ['x'.repeat(300), `${'x'.repeat(199)}…`],
])('the response %s is shown as %s', (reply, text) => {
  expect(callbackReplyText(reply)).toBe(text)
})
