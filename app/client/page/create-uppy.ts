import { OssUpload, type OssUploadOptions, type StoredBody } from '@oss-direct-upload/uploader'
import Uppy, { type Meta, type UppyOptions } from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import { CameraButton, hasCameraStream } from './camera-button.ts'
import type { Translation } from './language.ts'

export type PageUppy = Uppy<Meta, StoredBody>
export type PageDashboard = Dashboard<Meta, StoredBody>

/** The page's decisions about which files Uppy may add and when it may upload. */
export type PageHooks = Required<
  Pick<UppyOptions<Meta, StoredBody>, 'onBeforeFileAdded' | 'onBeforeUpload'>
>

/**
 * Creates Uppy with its Dashboard, the camera where the browser allows it, and the uploader for OSS.
 *
 * @param target Selector of the element for the Dashboard
 */
export function createUppy(
  target: string,
  translation: Translation,
  hooks: PageHooks,
  upload: OssUploadOptions,
): { uppy: PageUppy; dashboard: PageDashboard } {
  const uppy = new Uppy<Meta, StoredBody>({ locale: translation.uppy, ...hooks })
  const isPhone = !hasCameraStream() && matchMedia('(pointer: coarse)').matches
  uppy.use(Dashboard<Meta, StoredBody>, {
    target,
    inline: true,
    width: '100%',
    height: 400,
    theme: 'auto',
    fileManagerSelectionType: 'both',
    // A phone's own camera app works even where the page may not open a camera.
    showNativePhotoCameraButton: isPhone,
    showNativeVideoCameraButton: isPhone,
    // The list of transfers shows these messages, and keeps them.
    disableInformer: true,
    // Uppy's remaining time is wrong for files of different sizes; each transfer shows its own.
    hideProgressDetails: true,
    proudlyDisplayPoweredByUppy: false,
  })
  const dashboard = uppy.getPlugin('Dashboard') as PageDashboard
  if (hasCameraStream()) {
    uppy.use(CameraButton<Meta, StoredBody>, {
      target: dashboard,
      title: translation.strings.camera,
    })
  }
  uppy.use(OssUpload<Meta>, upload)
  return { uppy, dashboard }
}
