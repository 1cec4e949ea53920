import Uppy from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import '@uppy/core/css/style.min.css'
import '@uppy/dashboard/css/style.min.css'
import './page.css'
import { OssUpload } from './oss-upload.ts'

type Body = { key: string; reply: string }

const serverUrl = new URLSearchParams(location.search).get('serverUrl') ?? location.origin
const accessCode = new URLSearchParams(location.hash.slice(1)).get('code')

const uppy = new Uppy<Record<string, unknown>, Body>()
uppy.use(Dashboard, {
  target: '#uploader',
  inline: true,
  width: '100%',
  height: 420,
  theme: 'auto',
  fileManagerSelectionType: 'both',
  proudlyDisplayPoweredByUppy: false,
})
uppy.use(OssUpload, { serverUrl, ...(accessCode === null ? {} : { accessCode }) })

uppy.on('upload-success', (file, { status, body }) => {
  const stored = `${file?.name ?? ''} is stored as ${body?.key ?? ''}`
  if (status === 203) report(`${stored}, but the callback failed`, true)
  else report(stored, false)
})
uppy.on('upload-error', (file, error) => report(`${file?.name ?? ''}: ${error.message}`, true))

function report(text: string, failed: boolean): void {
  const item = document.createElement('li')
  item.textContent = text
  item.classList.toggle('failed', failed)
  document.querySelector('#results')?.append(item)
}
