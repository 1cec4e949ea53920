import {
  errorKind,
  loadServerConfig,
  mimeType,
  type OssUpload,
  RENAME_META,
  type ServerConfig,
  type StoredBody,
  UploadError,
} from '@oss-direct-upload/uploader'
import type { Meta, UppyFile } from '@uppy/core'
import { ensureListRole } from './a11y-list-role.ts'
import { AccessCodeForm } from './access-code-form.ts'
import { renameCamera } from './camera-button.ts'
import { createUppy, type PageDashboard, type PageUppy } from './create-uppy.ts'
import { acceptDropsAndPastes } from './drop-and-paste.ts'
import { errorText } from './error-text.ts'
import { InsecureNotice } from './insecure-notice.ts'
import type { Translation } from './language.ts'
import { LeaveGuard } from './leave-guard.ts'
import { showPageText } from './page-text.ts'
import { checkRestrictions, pickerTypes, type Rejection } from './restrictions.ts'
import { ResumableList } from './resumable-list.ts'
import { ServerStatus } from './server-status.ts'
import { isSystemFile, SystemFileCounter } from './system-files.ts'
import { TransferList } from './transfer-list.ts'
import type { TransferState } from './transfer-text.ts'
import { ScreenWakeLock } from './wake-lock.ts'

type PageFile = UppyFile<Meta, StoredBody>

/** The whole page: selection, uploads and their results, in the user's language. */
export class UploadPage {
  readonly #page: Document
  readonly #serverUrl: string | undefined
  readonly #uppy: PageUppy
  readonly #dashboard: PageDashboard
  readonly #transfers: TransferList
  readonly #accessCode: AccessCodeForm
  readonly #serverStatus: ServerStatus
  readonly #insecureNotice: InsecureNotice
  readonly #resumable: ResumableList
  readonly #systemFiles = new SystemFileCounter((count) =>
    this.#addRejection('', { reason: 'systemFiles', count }),
  )
  /** The last error of each selected file, by file id. */
  readonly #errors = new Map<string, unknown>()
  #translation: Translation
  #config: ServerConfig | undefined

  /** @param serverUrl Signing server's URL; `undefined` when the one in the page's address is not accepted */
  constructor(page: Document, serverUrl: string | undefined, translation: Translation) {
    this.#page = page
    this.#serverUrl = serverUrl
    this.#translation = translation
    const server = {
      serverUrl: serverUrl ?? page.location.origin,
      accessCode: () => this.#accessCode.code,
    }
    const leaveGuard = new LeaveGuard(window)
    const wakeLock = new ScreenWakeLock(page)
    this.#transfers = new TransferList(page, translation, {
      onKeepBoth: (id) => this.#keepBoth(id),
      onPause: (id) => this.#uploader?.pause(id),
      onResume: (id) => void this.#uploader?.resume(id),
      onActive: (isActive) => {
        leaveGuard.update(isActive)
        wakeLock.update(isActive)
      },
    })
    this.#resumable = new ResumableList(page, translation, server)
    this.#accessCode = new AccessCodeForm(page, translation.strings, () => this.#onCode())
    this.#insecureNotice = new InsecureNotice(page)
    this.#serverStatus = new ServerStatus(page, serverUrl, () => this.loadConfig())
    const { uppy, dashboard } = createUppy(
      '#uploader',
      translation,
      {
        onBeforeFileAdded: (file, files) => {
          this.#removeFailed(file, files)
          return (
            !Object.hasOwn(files, file.id) && this.#isNoSystemFile(file) && this.#isAllowed(file)
          )
        },
        onBeforeUpload: () => this.#canUpload(),
      },
      {
        ...server,
        multipartThreshold: () => this.#config?.multipartThreshold,
        onProgress: (id, progress) => this.#onProgress(id, progress),
        errorText: (error) => errorText(error, this.#translation.strings),
      },
    )
    this.#uppy = uppy
    this.#dashboard = dashboard
    ensureListRole(page.querySelector('#uploader') as Element)
    acceptDropsAndPastes(page, dashboard, {
      onError: ({ message }) => this.#addRejection('', { reason: 'other', message }),
      onEmptyFolder: (name) => this.#addRejection(name, { reason: 'emptyFolder' }),
    })
    this.#listen()
    this.translate(translation)
  }

  /** Requests the signing server's configuration. Without it, all files may be selected. */
  async loadConfig(): Promise<void> {
    if (this.#serverUrl === undefined) return
    try {
      this.#config = await loadServerConfig(this.#serverUrl)
    } catch {
      this.#serverStatus.showUnreachable()
      return
    }
    this.#serverStatus.showReachable(this.#config)
    this.#insecureNotice.update(this.#config?.https)
    const allowedFileTypes = pickerTypes(this.#config?.allowedTypes ?? [])
    this.#uppy.setOptions({ restrictions: { allowedFileTypes } })
    this.translate(this.#translation)
    if (this.#config?.accessCodeRequired && this.#accessCode.code === undefined) {
      this.#accessCode.show({ isWrong: false })
    }
    for (const file of this.#uppy.getFiles()) {
      if (!file.progress.uploadStarted && !this.#isAllowed(file)) this.#uppy.removeFile(file.id)
    }
  }

  /** Shows all texts in another language. */
  translate(translation: Translation): void {
    this.#translation = translation
    const { strings } = translation
    showPageText(this.#page, translation)
    this.#uppy.setOptions({ locale: translation.uppy })
    renameCamera(this.#uppy, this.#dashboard, strings.camera)
    this.#dashboard.setOptions({ note: this.#serverStatus.translate(translation) })
    this.#insecureNotice.translate(translation)
    this.#accessCode.translate(strings)
    this.#transfers.translate(translation)
    this.#resumable.translate(translation)
    for (const [id, error] of this.#errors) {
      if (this.#hasFailed(id)) this.#uppy.setFileState(id, { error: errorText(error, strings) })
    }
  }

  get #uploader(): OssUpload<Meta> | undefined {
    return this.#uppy.getPlugin('OssUpload')
  }

  #listen(): void {
    const uppy = this.#uppy
    const showResumable = (): void => this.#resumable.show(uppy.getFiles())
    for (const event of ['file-added', 'file-removed', 'upload-success'] as const) {
      uppy.on(event, showResumable)
    }
    showResumable()
    uppy.on('upload-success', (file, { body }) => {
      if (!file || !body) return
      const { key, callbackReply, callbackError: details } = body
      if (details) this.#update(file, { kind: 'callbackFailed', key, details })
      else this.#update(file, { kind: 'stored', key, callbackReply })
    })
    uppy.on('upload-error', (file, { cause }: Error) => {
      if (!file) return
      this.#errors.set(file.id, cause)
      this.#update(file, { kind: 'failed', error: cause, canKeepBoth: isKind(cause, 'nameTaken') })
      if (isKind(cause, 'accessCodeRequired')) this.#accessCode.show({ isWrong: true })
    })
    uppy.on('file-removed', (file) => {
      this.#errors.delete(file.id)
      this.#transfers.detach(file.id)
    })
    const shown = new Set<string>()
    uppy.on('restriction-failed', (file, error) => {
      shown.add(error.message)
      if (!('isUserFacing' in error) || error.isUserFacing !== true) return
      this.#addRejection(file?.name ?? '', { reason: 'other', message: error.message })
    })
    // Errors of the Dashboard and the camera that have no event of their own.
    uppy.on('info-visible', () => {
      const { type, message, details } = uppy.getState().info.at(-1) ?? {}
      if (type !== 'error' || !message || details || shown.has(message)) return
      if (message !== uppy.i18n('noInternetConnection')) {
        this.#addRejection('', { reason: 'other', message })
      }
    })
  }

  /** Removes failed uploads of a file that is selected again, perhaps because it had changed. */
  #removeFailed(file: PageFile, files: Record<string, PageFile>): void {
    for (const id of this.#errors.keys()) {
      const failed = files[id]
      if (!failed?.error || transferName(failed) !== transferName(file)) continue
      this.#transfers.remove(id)
      this.#uppy.removeFile(id)
      delete files[id]
    }
  }

  #isNoSystemFile(file: PageFile): boolean {
    if (!isSystemFile(relativePath(file))) return true
    this.#systemFiles.add()
    return false
  }

  #isAllowed(file: Pick<PageFile, 'name' | 'type' | 'data'>): boolean {
    if (this.#config === undefined) return true
    const name = file.name ?? ''
    const size = file.data instanceof Blob ? file.data.size : 0
    const rejection = checkRestrictions({ name, type: mimeType(file), size }, this.#config)
    if (rejection !== undefined) this.#addRejection(name, rejection)
    return rejection === undefined
  }

  #canUpload(): boolean {
    if (!this.#config?.accessCodeRequired || this.#accessCode.code !== undefined) return true
    this.#accessCode.show({ isWrong: false })
    this.#accessCode.focus()
    return false
  }

  #onProgress(fileId: string, progress: TransferState): void {
    this.#update(this.#uppy.getFile(fileId), progress)
    if (progress.kind === 'offline') this.#serverStatus.showOffline()
  }

  #onCode(): void {
    for (const [id, error] of this.#errors) {
      if (isKind(error, 'accessCodeRequired')) this.#retry(id)
    }
    this.#page.querySelector<HTMLElement>('#uploader [data-uppy-super-focusable=true]')?.focus()
  }

  #keepBoth(fileId: string): void {
    this.#uppy.setFileMeta(fileId, RENAME_META)
    this.#retry(fileId)
  }

  #retry(fileId: string): void {
    if (!this.#hasFailed(fileId)) return
    // Uppy's events report the result.
    this.#uppy.retryUpload(fileId).catch(() => {})
  }

  #hasFailed(fileId: string): boolean {
    return Boolean(this.#uppy.getState().files[fileId]?.error)
  }

  #update(file: PageFile, state: TransferState): void {
    this.#transfers.update(file.id, transferName(file), file.size ?? 0, state)
  }

  #addRejection(name: string, rejection: Rejection): void {
    this.#transfers.addDetached(name, { kind: 'notAdded', rejection })
  }
}

/** Returns the name of a file in the list of transfers. */
function transferName(file: PageFile): string {
  return relativePath(file) || file.name || ''
}

/** Returns a file's path in the folder that was selected; empty for a single file. */
function relativePath({ meta }: PageFile): string {
  return (meta as { relativePath?: string | null }).relativePath ?? ''
}

function isKind(error: unknown, kind: ReturnType<typeof errorKind>): boolean {
  return error instanceof UploadError && errorKind(error.details) === kind
}
