/**
 * Uppy gives its files the role of list items, but a single one no list around it: this adds the
 * role wherever it is missing.
 */
export function ensureListRole(uploader: Element): void {
  const repair = (): void => {
    for (const list of uploader.querySelectorAll('.uppy-Dashboard-files:not([role])')) {
      list.setAttribute('role', 'list')
    }
  }
  new MutationObserver(repair).observe(uploader, { childList: true, subtree: true })
  repair()
}
