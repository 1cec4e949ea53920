import { type Upload, Uploader } from '@oss-direct-upload/uploader'

const input = document.querySelector('input') as HTMLInputElement
const list = document.querySelector('ul') as HTMLUListElement
const items = new Map<number, HTMLLIElement>()

const uploader = new Uploader({ serverUrl: new URL('/upload/', location.href).href })

uploader.subscribe((event) => {
  if (event.kind === 'added') event.uploads.forEach(show)
  if (event.kind === 'changed') show(event.upload)
})

input.addEventListener('change', () => {
  const files = [...(input.files ?? [])]
  uploader.add(files.map((file) => ({ name: file.name, type: file.type, data: file })))
  uploader.start()
})

function show({ id, name, size, sentBytes, state }: Upload): void {
  const item = items.get(id) ?? list.appendChild(document.createElement('li'))
  items.set(id, item)
  if (state.kind === 'sending') item.textContent = `${name}: ${sentBytes} of ${size} bytes`
  else if (state.kind === 'failed') item.textContent = `${name}: ${state.error}`
  else item.textContent = `${name}: ${state.kind}`
}
