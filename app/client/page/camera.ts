import './camera.css'

/**
 * Takes a picture with the camera in a dialog: of a phone, the one on its back.
 *
 * @returns A JPEG, or `undefined` if the user closes the dialog
 * @throws DOMException when the browser does not allow or find a camera
 */
export async function takePicture(page: Document): Promise<File | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 4096 } },
  })
  try {
    return await new CameraDialog(page, stream).picture()
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

/** A dialog with the camera's image, and then the picture that was taken. */
class CameraDialog {
  readonly #dialog: HTMLDialogElement
  readonly #video: HTMLVideoElement
  readonly #image: HTMLImageElement
  #picture: Blob | undefined

  constructor(page: Document, stream: MediaStream) {
    this.#dialog = page.querySelector('#camera') as HTMLDialogElement
    this.#video = this.#dialog.querySelector('video') as HTMLVideoElement
    this.#image = this.#dialog.querySelector('img') as HTMLImageElement
    this.#video.srcObject = stream
    this.#show(undefined)
  }

  /** Resolves when the dialog is closed. */
  async picture(): Promise<File | undefined> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const clicks = new AbortController()
    const onClick = (id: string, action: () => unknown): void =>
      this.#button(id).addEventListener('click', () => void action(), { signal: clicks.signal })
    onClick('take-picture', async () => this.#show(await capture(this.#video)))
    onClick('retake-picture', () => this.#show(undefined))
    onClick('use-picture', () => this.#dialog.close('use'))
    onClick('close-camera', () => this.#dialog.close(''))
    this.#dialog.addEventListener('close', () => resolve(), { once: true })
    this.#dialog.returnValue = ''
    this.#dialog.showModal()
    await promise
    clicks.abort()
    const picture = this.#dialog.returnValue === 'use' ? this.#picture : undefined
    this.#show(undefined)
    this.#video.srcObject = null
    return picture && new File([picture], `cam-${Date.now()}.jpg`, { type: picture.type })
  }

  #button(id: string): HTMLButtonElement {
    return this.#dialog.querySelector(`#${id}`) as HTMLButtonElement
  }

  #show(picture: Blob | undefined): void {
    if (this.#image.src !== '') URL.revokeObjectURL(this.#image.src)
    this.#picture = picture
    const isTaken = picture !== undefined
    if (picture) this.#image.src = URL.createObjectURL(picture)
    else this.#image.removeAttribute('src')
    this.#image.hidden = !isTaken
    this.#video.hidden = isTaken
    this.#button('take-picture').hidden = isTaken
    for (const id of ['retake-picture', 'use-picture']) this.#button(id).hidden = !isTaken
    if (this.#dialog.open) this.#button(isTaken ? 'use-picture' : 'take-picture').focus()
  }
}

async function capture(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })
}
