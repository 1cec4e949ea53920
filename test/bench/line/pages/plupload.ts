/** Plupload as in the official sample: one general form for all files, one file at a time. */
let form: Record<string, string> = {}

const uploader = new window.plupload.Uploader({
  runtimes: 'html5',
  browse_button: 'pick',
  url: 'http://oss.aliyuncs.com',
  init: {
    FilesAdded(_up, files) {
      for (const { id, name } of files) {
        const item = document.createElement('li')
        item.id = id
        item.innerHTML = `${name} <b></b>`
        document.querySelector('#list')?.append(item)
      }
    },
    BeforeUpload(up, { name }) {
      const { url, fields } = form as never as { url: string; fields: Record<string, string> }
      const key = `${fields.key?.replace('${filename}', '')}${name}`
      up.setOption({ url, multipart_params: { ...fields, key } })
    },
    UploadProgress: (_up, { id, percent }) => show(id, `${percent} %`),
    FileUploaded: (_up, { id }) => show(id, 'stored'),
  },
})
uploader.init()

function show(id: string, text: string): void {
  const shown = document.querySelector(`#${id} b`)
  if (shown) shown.textContent = text
}

window.prepareFiles = (selected) => uploader.addFile([...selected])

window.startUpload = async () => {
  form = await (await fetch('signature')).json()
  uploader.start()
}

export {}
