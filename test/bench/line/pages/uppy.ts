/** Uppy without a user interface, with its plugin aws-s3 and the POST policies of our server. */
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'

const uppy = new Uppy()
uppy.use(AwsS3, {
  shouldUseMultipart: false,
  async getUploadParameters({ name, type, size }) {
    const query = new URLSearchParams({ name, type, size: String(size) })
    return (await fetch(`signature?${query}`)).json()
  },
})

window.prepareFiles = (selected) => {
  uppy.addFiles(Array.from(selected, (data) => ({ name: data.name, type: data.type, data })))
}

window.startUpload = () => void uppy.upload()
