// Takes serverUrl from its address and uploads a file just as the official sample pages do: the
// same fields in the same order, from what GET serverUrl answers. V4 when the answer is for V4.
const serverUrl = new URLSearchParams(location.search).get('serverUrl')

function formForV1(signed, file) {
  const form = new FormData()
  form.append('name', file.name)
  form.append('key', `${signed.dir}\${filename}`)
  form.append('policy', signed.policy)
  form.append('OSSAccessKeyId', signed.accessid)
  form.append('success_action_status', '200')
  if (signed.callback) form.append('callback', signed.callback)
  form.append('signature', signed.signature)
  form.append('file', file)
  return form
}

function formForV4(signed, file) {
  const form = new FormData()
  form.append('success_action_status', '200')
  form.append('policy', signed.policy)
  form.append('x-oss-signature', signed.signature)
  form.append('x-oss-signature-version', signed.x_oss_signature_version)
  form.append('x-oss-credential', signed.x_oss_credential)
  form.append('x-oss-date', signed.x_oss_date)
  form.append('key', signed.dir + file.name)
  if (signed.security_token) form.append('x-oss-security-token', signed.security_token)
  form.append('file', file)
  return form
}

document.addEventListener('DOMContentLoaded', () => {
  document.querySelector('#file').addEventListener('change', async (event) => {
    const [file] = event.target.files
    const signed = await (await fetch(serverUrl)).json()
    const form = signed.x_oss_signature_version ? formForV4(signed, file) : formForV1(signed, file)
    const response = await fetch(signed.host, { method: 'POST', body: form })
    document.querySelector('#result').textContent = String(response.status)
  })
})
