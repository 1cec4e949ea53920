import type { Uploader } from '@oss-direct-upload/uploader'
import { formatBytes, formatDuration, formatSpeed } from './format-units.ts'
import type { Translation } from './language.ts'

/** What the list's buttons do. */
export interface BarActions {
  onStart: () => void
  onClear: () => void
}

/** The totals of the list, and the buttons for all of its files. */
export class TransferBar {
  readonly #uploader: Uploader
  readonly #start: HTMLElement
  readonly #retry: HTMLElement
  readonly #pause: HTMLElement
  readonly #cancel: HTMLElement
  readonly #clear: HTMLElement
  readonly #scroller: HTMLElement
  readonly #text: HTMLElement
  readonly #progress: HTMLProgressElement

  constructor(page: Document, uploader: Uploader, { onStart, onClear }: BarActions) {
    const element = (id: string): HTMLElement => page.querySelector(`#${id}`) as HTMLElement
    this.#uploader = uploader
    this.#start = element('start')
    this.#retry = element('retry-failed')
    this.#pause = element('pause-all')
    this.#cancel = element('cancel-all')
    this.#clear = element('clear')
    this.#scroller = element('results-scroller')
    this.#text = element('totals-text')
    this.#progress = element('totals-progress') as HTMLProgressElement
    this.#start.addEventListener('click', onStart)
    this.#clear.addEventListener('click', onClear)
    this.#retry.addEventListener('click', () => uploader.retry())
    this.#cancel.addEventListener('click', () => uploader.cancelAll())
    this.#pause.addEventListener('click', () => {
      if (uploader.isPaused) uploader.resumeAll()
      else uploader.pauseAll()
    })
  }

  /** @param rejected Number of files that were not added */
  render({ strings, tag }: Translation, rejected: number): void {
    const { totals, isPaused } = this.#uploader
    const ready = totals.of('ready')
    const failed = totals.of('failed')
    const isActive = totals.active > 0
    const show = (button: HTMLElement, isShown: boolean, text?: string): void => {
      // The list gets the focus of a button that disappears.
      if (!isShown && button === document.activeElement) this.#scroller.focus()
      if (text !== undefined && button.textContent !== text) button.textContent = text
      button.hidden = !isShown
    }
    show(this.#start, ready.files > 0, strings.uploadFiles(ready.files))
    show(this.#retry, failed.files > 0, strings.retryFailed(failed.files))
    show(this.#pause, isActive, isPaused ? strings.resumeAll : strings.pauseAll)
    show(this.#cancel, isActive)
    show(this.#clear, totals.of('stored', 'failed', 'cancelled').files + rejected > 0)
    this.#text.textContent = totalsText(this.#uploader, { strings, tag })
    this.#progress.hidden = !isActive
    this.#progress.max = Math.max(1, totals.sentBytes + totals.remainingBytes)
    this.#progress.value = totals.sentBytes
  }
}

/** Returns the totals as `412 of 1,000 · 38 MB of 98 MB · 5.9 MB/s · 10 sec left`, or the results. */
export function totalsText(
  { totals }: Pick<Uploader, 'totals'>,
  { strings, tag }: Pick<Translation, 'strings' | 'tag'>,
): string {
  const number = (amount: number): string => amount.toLocaleString(tag)
  const { started } = totals
  const stored = totals.of('stored').files
  const failed = totals.of('failed').files
  const parts: string[] = []
  if (totals.active > 0) {
    const size = formatBytes(totals.sentBytes, tag)
    parts.push(strings.progress(number(stored + failed), number(started.files)))
    parts.push(strings.progress(size, formatBytes(started.bytes, tag)))
    const speed = totals.bytesPerSecond
    if (speed !== undefined && speed > 0) {
      parts.push(formatSpeed(speed, tag))
      parts.push(strings.timeLeft(formatDuration(totals.remainingBytes / speed, tag)))
    }
  } else if (stored > 0) {
    parts.push(strings.filesStored(stored))
  }
  if (failed > 0) parts.push(strings.filesFailed(failed))
  const ready = totals.of('ready')
  if (parts.length === 0 && ready.files > 0) parts.push(formatBytes(ready.bytes, tag))
  return parts.join(' · ')
}
