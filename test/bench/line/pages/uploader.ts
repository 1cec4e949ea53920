/** This project's uploader without its page. */
import { Uploader } from '@oss-direct-upload/uploader'

const uploader = new Uploader({
  serverUrl: new URL('.', location.href).href,
  accessCode: () => undefined,
})

window.prepareFiles = (selected) => {
  uploader.add(Array.from(selected, (data) => ({ name: data.name, type: data.type, data })))
}

window.startUpload = () => uploader.start()
