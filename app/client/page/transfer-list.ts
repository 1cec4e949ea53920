import type { Translation } from './language.ts'
import { RowHeights } from './row-heights.ts'
import { TransferRow } from './transfer-row.ts'
import { type Transfer, type TransferAction, transferKind } from './transfer-text.ts'

export interface TransferListCallbacks {
  /** Called with the button of a line. */
  onAction: (transfer: Transfer, action: TransferAction, button: HTMLElement) => void
  /** Called after every drawing. */
  onDraw: () => void
}

const ESTIMATED_ROW_PX = 68
/** Pixels above and below the visible part that have rows, so that scrolling does not show gaps. */
const MARGIN_PX = 800
const DRAW_INTERVAL_MS = 100

/**
 * A list of transfers, one line a file. Has elements for the visible lines alone, and draws changes at
 * most ten times a second.
 */
export class TransferList {
  readonly #scroller: HTMLElement
  readonly #list: HTMLElement
  readonly #rows = new Map<Transfer, TransferRow>()
  readonly #changed = new Set<Transfer>()
  readonly #heights = new RowHeights(ESTIMATED_ROW_PX)
  #transfers: Transfer[] = []
  #translation: Translation
  #timer: ReturnType<typeof setTimeout> | undefined
  #drawnMs = Number.NEGATIVE_INFINITY
  readonly #onDraw: () => void
  /** Row that gets the focus of one that was removed. */
  #focusRow: number | undefined

  constructor(
    page: Document,
    translation: Translation,
    { onAction, onDraw }: TransferListCallbacks,
  ) {
    this.#onDraw = onDraw
    this.#scroller = page.querySelector('#results-scroller') as HTMLElement
    this.#list = page.querySelector('#results') as HTMLElement
    this.#translation = translation
    // The keyboard scrolls what has the focus.
    this.#scroller.tabIndex = 0
    this.#scroller.addEventListener('scroll', () => this.#draw())
    // In WebKit it is an error to resize within the same frame what is observed.
    const onResize = (): void => void requestAnimationFrame(() => this.#draw())
    new ResizeObserver(onResize).observe(this.#scroller)
    this.#list.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest<HTMLElement>('[data-action]')
      const row = [...this.#rows.values()].find(({ item }) => item.contains(button))
      if (button && row) onAction(row.transfer, button.dataset.action as TransferAction, button)
    })
  }

  get size(): number {
    return this.#transfers.length
  }

  /** Adds lines at the end. */
  add(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) this.#transfers.push(transfer)
    this.#heights.add(transfers.length)
    this.#schedule()
  }

  /** Shows the present state of a line soon. */
  update(transfer: Transfer): void {
    this.#changed.add(transfer)
    this.#schedule()
  }

  /** Shows soon how long lines still wait for their next attempt. */
  tick(): void {
    this.#schedule()
    for (const transfer of this.#rows.keys()) {
      if (transferKind(transfer) === 'retrying') this.update(transfer)
    }
  }

  remove(removed: ReadonlySet<Transfer>): void {
    const transfers = this.#transfers
    for (const [transfer, { item }] of this.#rows) {
      if (!removed.has(transfer) || !item.contains(document.activeElement)) continue
      this.#focusRow = transfers.indexOf(transfer)
    }
    this.#heights.retain((row) => !removed.has(transfers[row] as Transfer))
    this.#transfers = transfers.filter((transfer) => !removed.has(transfer))
    for (const transfer of removed) this.#changed.delete(transfer)
    this.#schedule()
  }

  translate(translation: Translation): void {
    this.#translation = translation
    for (const transfer of this.#rows.keys()) this.#changed.add(transfer)
    this.#draw()
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    const delayMs = this.#drawnMs + DRAW_INTERVAL_MS - performance.now()
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, delayMs))
  }

  #draw(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#drawnMs = performance.now()
    const { scrollTop, clientHeight } = this.#scroller
    const first = this.#heights.rowAt(scrollTop - MARGIN_PX)
    const last = this.#heights.rowAt(scrollTop + clientHeight + MARGIN_PX)
    const shown = this.#transfers.slice(first, last + 1)
    this.#removeRows(new Set(shown))
    for (const [index, transfer] of shown.entries()) this.#drawRow(transfer, index, first + index)
    this.#changed.clear()
    this.#place(shown, first)
    this.#moveFocus()
    this.#onDraw()
  }

  #moveFocus(): void {
    if (this.#focusRow === undefined) return
    const row = Math.min(this.#focusRow, this.#transfers.length - 1)
    this.#focusRow = undefined
    this.#rows.get(this.#transfers[row] as Transfer)?.item.focus()
  }

  #removeRows(shown: ReadonlySet<Transfer>): void {
    for (const [transfer, row] of this.#rows) {
      if (shown.has(transfer)) continue
      row.release()
      this.#rows.delete(transfer)
    }
  }

  #drawRow(transfer: Transfer, index: number, position: number): void {
    const known = this.#rows.get(transfer)
    const row = known ?? new TransferRow(transfer)
    if (known === undefined || this.#changed.has(transfer)) row.render(this.#translation)
    this.#rows.set(transfer, row)
    row.item.setAttribute('aria-posinset', String(position + 1))
    row.item.setAttribute('aria-setsize', String(this.#transfers.length))
    const next = this.#list.children[index]
    if (next !== row.item) this.#list.insertBefore(row.item, next ?? null)
  }

  #place(shown: readonly Transfer[], first: number): void {
    for (const [index, transfer] of shown.entries()) {
      const height = this.#rows.get(transfer)?.item.offsetHeight ?? 0
      if (height > 0) this.#heights.set(first + index, height)
    }
    for (const [index, transfer] of shown.entries()) {
      const item = this.#rows.get(transfer)?.item
      if (item) item.style.top = `${this.#heights.offset(first + index)}px`
    }
    this.#list.style.height = `${this.#heights.total}px`
  }
}
