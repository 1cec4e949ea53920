import { Uploader } from '@oss-direct-upload/uploader'
import { type ChangeEvent, useState } from 'react'
import { useUploads } from './use-uploads'

const serverUrl = new URL('/upload/', location.href).href

/** Selects files, uploads them and shows what becomes of each. */
export function Uploads() {
  const [uploader] = useState(() => new Uploader({ serverUrl, accessCode: () => undefined }))
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
        {uploads.map(({ id, name, size, sentBytes, state }) => (
          <li key={id}>
            {name}: {state.kind}, {sentBytes} of {size} bytes
          </li>
        ))}
      </ul>
    </>
  )
}
