import Uppy, { type Meta, type UppyOptions } from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import { OssUpload, type OssUploadOptions, type StoredBody } from '../uploader/oss-upload.ts'
import { CameraButton, hasCameraStream } from './camera-button.ts'
import type { Translation } from './language.ts'

export type PageUppy = Uppy<Meta, StoredBody>
export type PageDashboard = Dashboard<Meta, StoredBody>

/** What the page decides for Uppy. */
export type PageHooks = Required<
  Pick<UppyOptions<Meta, StoredBody>, 'onBeforeFileAdded' | 'onBeforeUpload'>
>

/**
 * Uppy with its Dashboard in the page, the camera where the browser allows one, and our uploader.
 *
 * @param target Where the Dashboard goes
 */
export function createUppy(
  target: string,
  translation: Translation,
  hooks: PageHooks,
  upload: OssUploadOptions,
): { uppy: PageUppy; dashboard: PageDashboard } {
  const uppy = new Uppy<Meta, StoredBody>({ locale: translation.uppy, ...hooks })
  const phone = !hasCameraStream() && matchMedia('(pointer: coarse)').matches
  uppy.use(Dashboard<Meta, StoredBody>, {
    target,
    inline: true,
    width: '100%',
    height: 400,
    theme: 'auto',
    fileManagerSelectionType: 'both',
    // A phone hands over its own camera's pictures even where no stream is allowed.
    showNativePhotoCameraButton: phone,
    showNativeVideoCameraButton: phone,
    // What Uppy would pop up stands in the list of transfers, where it stays.
    disableInformer: true,
    // Its time left is off by far while files differ in size; each transfer tells its own.
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
