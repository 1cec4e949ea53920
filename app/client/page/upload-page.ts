import type { Meta, UppyFile } from '@uppy/core'
import { type ErrorKind, errorKind } from '../uploader/error-kind.ts'
import { knownType } from '../uploader/file-description.ts'
import type { OssUpload, StoredBody } from '../uploader/oss-upload.ts'
import { RENAME } from '../uploader/rename.ts'
import { loadServerConfig, type ServerConfig } from '../uploader/server-config.ts'
import { UploadError } from '../uploader/upload-error.ts'
import { ensureListRole } from './a11y-list-role.ts'
import { AccessCodeForm } from './access-code-form.ts'
import { renameCamera } from './camera-button.ts'
import { createUppy, type PageDashboard, type PageUppy } from './create-uppy.ts'
import { acceptDropsAndPastes } from './drop-and-paste.ts'
import { errorText } from './error-text.ts'
import { InsecureNotice } from './insecure-notice.ts'
import type { Translation } from './language.ts'
import { showPageText } from './page-text.ts'
import { checkRestrictions, pickerTypes } from './restrictions.ts'
import { ResumableList } from './resumable-list.ts'
import { ServerStatus } from './server-status.ts'
import type { Rejection, TransferState } from './transfer.ts'
import { TransferList } from './transfer-list.ts'

type PageFile = UppyFile<Meta, StoredBody>

function kindOf(failure: unknown): ErrorKind {
  return failure instanceof UploadError ? errorKind(failure.details) : 'unknown'
}

/** The whole page: Uppy, what it may take, and what became of it, in the user's language. */
export class UploadPage {
  readonly #page: Document
  readonly #serverUrl: string | undefined
  readonly #uppy: PageUppy
  readonly #dashboard: PageDashboard
  readonly #transfers: TransferList
  readonly #accessCode: AccessCodeForm
  readonly #limits: ServerStatus
  readonly #unencrypted: InsecureNotice
  readonly #unfinished: ResumableList
  /** The last failure of each file that is still selected. */
  readonly #failures = new Map<string, unknown>()
  #translation: Translation
  #config: ServerConfig | undefined

  /** @param serverUrl Where the signing server is; undefined when the page was told nonsense */
  constructor(page: Document, serverUrl: string | undefined, translation: Translation) {
    this.#page = page
    this.#serverUrl = serverUrl
    this.#translation = translation
    this.#transfers = new TransferList(page, translation, {
      onKeepBoth: (id) => this.#keepBoth(id),
      onPause: (id) => this.#uploader?.pause(id),
      onResume: (id) => void this.#uploader?.resume(id),
    })
    this.#unfinished = new ResumableList(page, translation, {
      serverUrl: serverUrl ?? page.location.origin,
      accessCode: () => this.#accessCode.code,
    })
    this.#accessCode = new AccessCodeForm(page, translation.strings, () => this.#onCode())
    this.#unencrypted = new InsecureNotice(page)
    this.#limits = new ServerStatus(page, serverUrl, () => this.loadConfig())
    const { uppy, dashboard } = createUppy(
      '#uploader',
      translation,
      {
        onBeforeFileAdded: (file, files) => !Object.hasOwn(files, file.id) && this.#mayAdd(file),
        onBeforeUpload: () => this.#mayUpload(),
      },
      {
        serverUrl: serverUrl ?? page.location.origin,
        accessCode: () => this.#accessCode.code,
        partsFrom: () => this.#config?.parts?.threshold,
        onStep: (id, step) => this.#onStep(id, step),
        explain: (error) => errorText(error, this.#translation.strings),
      },
    )
    this.#uppy = uppy
    this.#dashboard = dashboard
    ensureListRole(page.querySelector('#uploader') as Element)
    acceptDropsAndPastes(page, dashboard, ({ message }) =>
      this.#note('', { reason: 'other', message }),
    )
    this.#listen()
    this.translate(translation)
  }

  /** Asks the signing server what it takes; until it has said so, everything may be selected. */
  async loadConfig(): Promise<void> {
    if (this.#serverUrl === undefined) return
    try {
      this.#config = await loadServerConfig(this.#serverUrl)
      this.#limits.reached(this.#config)
      this.#unencrypted.told(this.#config?.https)
    } catch {
      this.#limits.unreachable()
      return
    }
    const allowedFileTypes = pickerTypes(this.#config?.allowedTypes ?? [])
    this.#uppy.setOptions({ restrictions: { allowedFileTypes } })
    this.translate(this.#translation)
    if (this.#config?.accessCodeRequired && this.#accessCode.code === undefined) {
      this.#accessCode.ask(false)
    }
    for (const file of this.#uppy.getFiles()) {
      if (!file.progress.uploadStarted && !this.#mayAdd(file)) this.#uppy.removeFile(file.id)
    }
  }

  /** Says everything in another language; what is selected or under way stays. */
  translate(translation: Translation): void {
    this.#translation = translation
    const { strings } = translation
    showPageText(this.#page, translation)
    this.#uppy.setOptions({ locale: translation.uppy })
    renameCamera(this.#uppy, this.#dashboard, strings.camera)
    this.#dashboard.setOptions({ note: this.#limits.translate(translation) })
    this.#unencrypted.translate(translation)
    this.#accessCode.translate(strings)
    this.#transfers.translate(translation)
    this.#unfinished.translate(translation)
    for (const [id, failure] of this.#failures) {
      if (this.#hasFailed(id)) {
        this.#uppy.setFileState(id, { error: errorText(failure, strings) })
      }
    }
  }

  get #uploader(): OssUpload<Meta> | undefined {
    return this.#uppy.getPlugin('OssUpload')
  }

  #listen(): void {
    const uppy = this.#uppy
    const showUnfinished = (): void => this.#unfinished.show(uppy.getFiles())
    for (const event of ['file-added', 'file-removed', 'upload-success'] as const) {
      uppy.on(event, showUnfinished)
    }
    showUnfinished()
    uppy.on('upload-success', (file, { body }) => {
      if (!file || !body) return
      const { key, reply, callbackFailure: details } = body
      if (details) this.#update(file, { kind: 'callbackFailed', key, details })
      else this.#update(file, { kind: 'stored', key, reply })
    })
    uppy.on('upload-error', (file, error) => {
      if (!file) return
      const { cause } = error as Error
      this.#failures.set(file.id, cause)
      const kind = kindOf(cause)
      this.#update(file, { kind: 'failed', error: cause, canKeepBoth: kind === 'nameTaken' })
      if (kind === 'accessCodeRequired') this.#accessCode.ask(true)
    })
    uppy.on('file-removed', (file) => {
      this.#failures.delete(file.id)
      this.#transfers.release(file.id)
    })
    const said = new Set<string>()
    uppy.on('restriction-failed', (file, error) => {
      said.add(error.message)
      if (!('isUserFacing' in error) || error.isUserFacing !== true) return
      this.#note(file?.name ?? '', { reason: 'other', message: error.message })
    })
    // What is left are troubles with a drop or the camera.
    uppy.on('info-visible', () => {
      const { type, message, details } = uppy.getState().info.at(-1) ?? {}
      if (type !== 'error' || !message || details || said.has(message)) return
      if (message !== uppy.i18n('noInternetConnection')) {
        this.#note('', { reason: 'other', message })
      }
    })
  }

  #mayAdd(file: Pick<PageFile, 'name' | 'type' | 'data'>): boolean {
    if (this.#config === undefined) return true
    const { name = '' } = file
    const size = file.data instanceof Blob ? file.data.size : 0
    const why = checkRestrictions({ name: name ?? '', type: knownType(file), size }, this.#config)
    if (why !== undefined) this.#note(name ?? '', why)
    return why === undefined
  }

  #mayUpload(): boolean {
    if (!this.#config?.accessCodeRequired || this.#accessCode.code !== undefined) return true
    this.#accessCode.ask(false)
    this.#accessCode.focus()
    return false
  }

  #onStep(fileId: string, step: TransferState): void {
    this.#update(this.#uppy.getFile(fileId), step)
    if (step.kind === 'offline') this.#limits.offline()
  }

  #onCode(): void {
    for (const [id, failure] of this.#failures) {
      if (kindOf(failure) === 'accessCodeRequired') this.#retry(id)
    }
    this.#page.querySelector<HTMLElement>('#uploader [data-uppy-super-focusable=true]')?.focus()
  }

  #keepBoth(fileId: string): void {
    this.#uppy.setFileMeta(fileId, RENAME)
    this.#retry(fileId)
  }

  #retry(fileId: string): void {
    if (!this.#hasFailed(fileId)) return
    // What becomes of it is told by Uppy's events.
    this.#uppy.retryUpload(fileId).catch(() => {})
  }

  #hasFailed(fileId: string): boolean {
    return Boolean(this.#uppy.getState().files[fileId]?.error)
  }

  #update(file: PageFile, state: TransferState): void {
    const path = (file.meta as { relativePath?: string | null }).relativePath
    this.#transfers.update(file.id, path || file.name || '', file.size ?? 0, state)
  }

  #note(name: string, why: Rejection): void {
    this.#transfers.note(name, { kind: 'notAdded', why })
  }
}
