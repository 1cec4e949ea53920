/**
 * Gives Uppy's file list the role of a list. Uppy leaves it out when there is a single file, although
 * that has the role of a list item.
 */
export function ensureListRole(uploader: Element): void {
  const addRole = (): void => {
    for (const list of uploader.querySelectorAll('.uppy-Dashboard-files:not([role])')) {
      list.setAttribute('role', 'list')
    }
  }
  new MutationObserver(addRole).observe(uploader, { childList: true, subtree: true })
  addRole()
}
