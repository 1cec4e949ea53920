import Uppy, { type Meta } from '@uppy/core'
import { expect, test } from 'vitest'
import type { StoreFileInput } from '../../../app/client/uploader/store-file.ts'
import { OssUpload, RENAME_META, type StoredBody } from '../../../app/client/uppy/index.ts'

/** Uppy whose files are stored by a function. */
function uppyWith(store: (input: StoreFileInput) => Promise<string>) {
  const uppy = new Uppy<Meta, StoredBody>().use(OssUpload<Meta>, {
    serverUrl: 'http://server.example',
    accessCode: () => undefined,
    errorText: (error) => `Sorry: ${(error as Error).message}`,
    store: async (input) => ({ key: await store(input), status: 200, callbackReply: '' }),
  })
  const add = (name: string, meta: Meta = {}): string =>
    uppy.addFile({ name, type: 'text/plain', data: new Blob([name]), meta })
  return { uppy, add, plugin: uppy.getPlugin('OssUpload') as OssUpload<Meta> }
}

test('files of Uppy are stored, with their folder and progress', async () => {
  const { uppy, add } = uppyWith(async ({ file, onProgress }) => {
    onProgress({ kind: 'sending', sentBytes: 2 })
    return `upload/${file.name}${file.rename ? ' (2)' : ''}`
  })
  add('a.txt', { relativePath: 'trip/a.txt' })
  add('b.txt', RENAME_META)
  const progress: unknown[] = []
  uppy.on('upload-progress', (file, { bytesUploaded, bytesTotal }) => {
    progress.push([file?.name, bytesUploaded, bytesTotal])
  })
  const result = await uppy.upload()
  expect(result?.successful?.map(({ response }) => response?.body)).toEqual([
    { key: 'upload/trip/a.txt', callbackReply: '' },
    { key: 'upload/b.txt (2)', callbackReply: '' },
  ])
  expect(progress).toContainEqual(['a.txt', 0, 5])
  expect(result?.failed).toEqual([])
})

test('a file that fails has the text of its error, and Uppy can retry it', async () => {
  let attempts = 0
  const { uppy, add } = uppyWith(async ({ file }) => {
    attempts += 1
    if (attempts === 1) throw new Error('refused')
    return file.name
  })
  const id = add('a.txt')
  const result = await uppy.upload()
  expect(result?.failed?.map(({ error }) => error)).toEqual(['Sorry: refused'])
  const retried = await uppy.retryUpload(id)
  expect(retried?.successful?.map(({ response }) => response?.body?.key)).toEqual(['a.txt'])
})

test('removing a file cancels its upload, and the others go on', async () => {
  const cancelled: string[] = []
  const { uppy, add } = uppyWith(async ({ file, signal }) => {
    if (file.name === 'b.txt') return file.name
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        cancelled.push(file.name)
        reject(signal.reason)
      })
    })
    return ''
  })
  const id = add('a.txt')
  add('b.txt')
  const uploading = uppy.upload()
  await new Promise((done) => uppy.once('upload-success', done))
  uppy.removeFile(id)
  const result = await uploading
  expect(cancelled).toEqual(['a.txt'])
  expect(result?.successful?.map(({ name }) => name)).toEqual(['b.txt'])
})
