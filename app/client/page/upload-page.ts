import {
  isActive,
  isFinished,
  loadServerConfig,
  type ServerConfig,
  type Upload,
  Uploader,
  type UploaderEvent,
} from '@oss-direct-upload/uploader'
import { AccessCodeForm } from './access-code-form.ts'
import { Announcer } from './announcer.ts'
import { copyText } from './copy-text.ts'
import { InsecureNotice } from './insecure-notice.ts'
import type { Translation } from './language.ts'
import { LeaveGuard } from './leave-guard.ts'
import { NotUploadedList } from './not-uploaded-list.ts'
import { showPageText } from './page-text.ts'
import { Picker } from './picker.ts'
import { checkRestrictions, pickerTypes, type Rejection } from './restrictions.ts'
import { ResumableList } from './resumable-list.ts'
import { selectionOf } from './selection.ts'
import { ServerStatus } from './server-status.ts'
import { TransferBar, totalsText } from './transfer-bar.ts'
import { TransferList } from './transfer-list.ts'
import {
  isKind,
  type RejectedTransfer,
  type Transfer,
  type TransferAction,
  transferName,
  transferText,
  type UploadTransfer,
} from './transfer-text.ts'
import { UploadsByName } from './uploads-by-name.ts'
import { ScreenWakeLock } from './wake-lock.ts'

/** The whole page: selection, uploads and their results, in the user's language. */
export class UploadPage {
  readonly #page: Document
  readonly #serverUrl: string | undefined
  readonly #uploader: Uploader
  readonly #picker: Picker
  readonly #list: TransferList
  readonly #bar: TransferBar
  readonly #accessCode: AccessCodeForm
  readonly #serverStatus: ServerStatus
  readonly #insecureNotice: InsecureNotice
  readonly #resumable: ResumableList
  readonly #notUploaded: NotUploadedList
  readonly #announcer: Announcer
  readonly #leaveGuard = new LeaveGuard(window)
  readonly #wakeLock: ScreenWakeLock
  readonly #transfers = new Map<number, UploadTransfer>()
  readonly #rejected = new Set<RejectedTransfer>()
  readonly #byName = new UploadsByName()
  #countdown: ReturnType<typeof setInterval> | undefined
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
    this.#uploader = new Uploader({
      ...server,
      multipartThreshold: () => this.#config?.multipartThreshold,
    })
    this.#uploader.subscribe((event) => this.#onEvent(event))
    this.#picker = new Picker(page, {
      onFiles: (files) => this.#add(files),
      onRejected: (name, rejection) => this.#addRejected([{ name, rejection }]),
    })
    this.#bar = new TransferBar(page, this.#uploader, {
      onStart: () => this.#start(),
      onClear: () => this.#clear(),
    })
    this.#list = new TransferList(page, translation, {
      onAction: (transfer, action, button) => this.#act(transfer, action, button),
      onDraw: () => this.#bar.render(this.#translation, this.#rejected.size),
    })
    this.#resumable = new ResumableList(page, translation, server, (name) =>
      this.#byName.find(name),
    )
    this.#notUploaded = new NotUploadedList(
      page,
      () => [...this.#uploader.uploads].filter(({ state }) => state.kind !== 'stored'),
      (upload) => this.#resumable.has(upload),
    )
    this.#announcer = new Announcer(page, () => {
      const { tag } = this.#translation
      return { text: totalsText(this.#uploader, this.#translation), lang: tag }
    })
    this.#wakeLock = new ScreenWakeLock(page)
    this.#accessCode = new AccessCodeForm(page, translation.strings, () => this.#onCode())
    this.#insecureNotice = new InsecureNotice(page)
    this.#serverStatus = new ServerStatus(page, serverUrl, () => this.loadConfig())
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
    this.#picker.accept(pickerTypes(this.#config?.allowedTypes ?? []))
    this.translate(this.#translation)
    if (this.#config?.accessCodeRequired && this.#accessCode.code === undefined) {
      this.#accessCode.show({ isWrong: false })
    }
    this.#rejectSelected()
  }

  /** Shows all texts in another language. */
  translate(translation: Translation): void {
    this.#translation = translation
    const { strings } = translation
    showPageText(this.#page, translation)
    const limits = this.#page.querySelector('#limits') as HTMLElement
    limits.textContent = this.#serverStatus.translate(translation)
    this.#insecureNotice.translate(translation)
    this.#accessCode.translate(strings)
    this.#list.translate(translation)
    this.#resumable.translate(translation)
    this.#notUploaded.translate(translation)
  }

  #add(files: readonly File[]): void {
    const { added, rejected, replaced } = selectionOf(files, {
      rejection: (...file) => this.#rejection(...file),
      uploadsNamed: (name) => this.#byName.find(name),
    })
    this.#uploader.remove(replaced.map(({ id }) => id))
    this.#addRejected(rejected)
    this.#uploader.add(added)
    this.#notUploaded.onAdded(new Set(added.map(({ name }) => name)))
    this.#notUploaded.translate(this.#translation)
  }

  #rejection(name: string, type: string, size: number): Rejection | undefined {
    return this.#config && checkRestrictions({ name, type, size }, this.#config)
  }

  /** Rejects what was selected before the configuration was known. */
  #rejectSelected(): void {
    const rejected: RejectedTransfer[] = []
    const ids: number[] = []
    for (const { id, name, file, size, state } of this.#uploader.uploads) {
      const rejection = this.#rejection(name, file.type, size)
      if (state.kind !== 'ready' || rejection === undefined) continue
      ids.push(id)
      rejected.push({ name, rejection })
    }
    this.#uploader.remove(ids)
    this.#addRejected(rejected)
  }

  #addRejected(rejected: readonly RejectedTransfer[]): void {
    for (const transfer of rejected) {
      this.#rejected.add(transfer)
      this.#announce(transfer)
    }
    this.#addToList(rejected)
  }

  #addToList(transfers: readonly Transfer[]): void {
    this.#list.add(transfers)
    this.#showSection()
  }

  #showSection(): void {
    const section = this.#page.querySelector('#transfers') as HTMLElement
    section.hidden = this.#list.size === 0
  }

  #start(): void {
    if (this.#config?.accessCodeRequired && this.#accessCode.code === undefined) {
      this.#accessCode.show({ isWrong: false })
      this.#accessCode.focus()
    } else {
      this.#uploader.start()
    }
  }

  #onCode(): void {
    const refused = [...this.#uploader.uploads].filter(({ state }) =>
      isKind(state, 'accessCodeRequired'),
    )
    this.#uploader.retry(refused.map(({ id }) => id))
    this.#picker.focus()
  }

  #clear(): void {
    this.#removeRejected(this.#rejected)
    this.#uploader.removeFinished()
  }

  #removeRejected(rejected: ReadonlySet<RejectedTransfer>): void {
    this.#removeFromList(new Set(rejected))
    for (const transfer of [...rejected]) this.#rejected.delete(transfer)
  }

  #removeFromList(transfers: ReadonlySet<Transfer>): void {
    this.#list.remove(transfers)
    const hadFocus = this.#page.querySelector('#transfers')?.contains(document.activeElement)
    this.#showSection()
    if (hadFocus && this.#list.size === 0) this.#picker.focus()
  }

  #act(transfer: Transfer, action: TransferAction, button: HTMLElement): void {
    if (!('upload' in transfer)) {
      this.#removeRejected(new Set([transfer]))
      return
    }
    const { id, state } = transfer.upload
    switch (action) {
      case 'copyKey':
        if (state.kind === 'stored') void this.#copyKey(state.key, button)
        break
      case 'keepBoth':
        this.#uploader.retry([id], { rename: true })
        break
      case 'retry':
        this.#uploader.retry([id])
        break
      case 'remove':
        this.#uploader.remove([id])
        break
      default:
        this.#uploader[action](id)
    }
  }

  async #copyKey(key: string, button: HTMLElement): Promise<void> {
    if (await copyText(this.#page, key)) button.textContent = this.#translation.strings.copied
  }

  #onEvent(event: UploaderEvent): void {
    switch (event.kind) {
      case 'added':
        this.#onAdded(event.uploads)
        break
      case 'removed':
        this.#onRemoved(event.uploads)
        break
      case 'changed':
        this.#onChanged(event.upload, event.before)
        break
      case 'paused':
        this.#list.tick()
    }
  }

  #onAdded(uploads: readonly Upload[]): void {
    const transfers = uploads.map((upload): UploadTransfer => {
      const transfer = { upload }
      this.#transfers.set(upload.id, transfer)
      this.#byName.add(upload)
      return transfer
    })
    this.#addToList(transfers)
    this.#resumable.render()
  }

  #onRemoved(uploads: readonly Upload[]): void {
    const transfers = new Set<Transfer>()
    for (const upload of uploads) {
      const transfer = this.#transfers.get(upload.id)
      if (transfer !== undefined) transfers.add(transfer)
      this.#transfers.delete(upload.id)
      this.#byName.delete(upload)
    }
    this.#removeFromList(transfers)
    this.#onActivity()
    this.#resumable.render()
  }

  #onChanged(upload: Upload, before: Upload['state']): void {
    const transfer = this.#transfers.get(upload.id)
    if (transfer === undefined) return
    const { state } = upload
    if (state.kind === 'retrying') {
      transfer.retryAtMs = performance.now() + state.delaySeconds * 1000
      this.#countdown ??= setInterval(() => this.#countDown(), 1000)
    }
    if (state.kind === 'offline') this.#serverStatus.showOffline()
    this.#list.update(transfer)
    if (isFinished(state)) {
      this.#announce(transfer)
      if (isKind(state, 'accessCodeRequired')) this.#accessCode.show({ isWrong: true })
    }
    if (isActive(state) !== isActive(before)) this.#onActivity()
  }

  #countDown(): void {
    this.#list.tick()
    if (this.#uploader.totals.of('retrying').files > 0) return
    clearInterval(this.#countdown)
    this.#countdown = undefined
  }

  #onActivity(): void {
    const areActive = this.#uploader.totals.active > 0
    this.#leaveGuard.update(areActive)
    this.#wakeLock.update(areActive)
  }

  #announce(transfer: Transfer): void {
    const text = transferText(transfer, this.#translation, performance.now())
    const name = transferName(transfer)
    const { tag } = this.#translation
    this.#announcer.announce({ text: name === '' ? text : `${name}: ${text}`, lang: tag })
  }
}
