import { OssUpload, type StoredBody } from '@oss-direct-upload/uppy'
import Uppy, { type Meta } from '@uppy/core'

const uppy = new Uppy<Meta, StoredBody>()
uppy.use(OssUpload, { serverUrl: new URL('/upload/', location.href).href })
uppy.on('upload-success', (file, { body }) => console.log(file?.name, body?.key))
uppy.on('upload-error', (file, error) => console.log(file?.name, error.message))

document.querySelector('input')?.addEventListener('change', ({ currentTarget }) => {
  const files = [...((currentTarget as HTMLInputElement).files ?? [])]
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })))
  void uppy.upload()
})
