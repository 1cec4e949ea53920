import { type Upload, Uploader } from '@oss-direct-upload/uploader'
import { type ChangeEvent, useState } from 'react'
import { useUploads } from './use-uploads'

const serverUrl = new URL('/upload/', location.href).href

/** Selects files, uploads them and shows what becomes of each. */
export function Uploads() {
  const [uploader] = useState(() => new Uploader({ serverUrl }))
  const uploads = useUploads(uploader)

  function select(event: ChangeEvent<HTMLInputElement>): void {
    const files = [...(event.target.files ?? [])]
    uploader.add(files.map((file) => ({ name: file.name, type: file.type, data: file })))
    uploader.start()
  }

  return (
    <>
      <label>
        Photos <input type="file" multiple onChange={select} />
      </label>
      <ul>
        {uploads.map((upload) => (
          <li key={upload.id}>
            {upload.name}: {progressText(upload)}
          </li>
        ))}
      </ul>
    </>
  )
}

function progressText({ size, sentBytes, state }: Upload): string {
  if (state.kind === 'sending') return `${sentBytes} of ${size} bytes`
  return state.kind === 'failed' ? String(state.error) : state.kind
}
