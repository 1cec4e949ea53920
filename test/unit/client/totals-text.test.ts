import { expect, test } from 'vitest'
import { ENGLISH, loadTranslation } from '../../../app/client/page/language.ts'
import { totalsText } from '../../../app/client/page/transfer-bar.ts'
import type { CountedUpload } from '../../../app/client/uploader/upload-totals.ts'
import { UploadTotals } from '../../../app/client/uploader/upload-totals.ts'

const MB = 1024 ** 2

function totalsOf(...uploads: CountedUpload[]): UploadTotals {
  const totals = new UploadTotals()
  for (const upload of uploads) totals.add(upload)
  return totals
}

const file = (state: CountedUpload['state'], sentBytes = 0): CountedUpload => ({
  size: 2 * MB,
  state,
  sentBytes,
})
const stored = { kind: 'stored', key: 'k', callbackReply: '' } as const
const failed = { kind: 'failed', error: new Error('no') } as const

test('selected files are counted in bytes', () => {
  const totals = totalsOf(file({ kind: 'ready' }), file({ kind: 'ready' }))
  expect(totalsText({ totals }, ENGLISH)).toBe('4 MB')
})

test('while files are sent, the totals are those of all that were started', () => {
  const totals = totalsOf(
    file(stored),
    file({ kind: 'sending', sentBytes: MB }, MB),
    file({ kind: 'waiting' }),
    file(failed),
    file({ kind: 'ready' }),
    file({ kind: 'cancelled' }),
  )
  expect(totalsText({ totals }, ENGLISH)).toBe('2 of 4 · 3 MB of 8 MB · 1 failed')
})

test('the results are summed up', async () => {
  const totals = totalsOf(...Array.from({ length: 1200 }, () => file(stored)), file(failed))
  expect(totalsText({ totals }, ENGLISH)).toBe('1,200 files stored · 1 failed')
  expect(totalsText({ totals }, await loadTranslation('zh'))).toBe('已存储 1,200 个文件 · 1 个失败')
  expect(totalsText({ totals: totalsOf() }, ENGLISH)).toBe('')
})
