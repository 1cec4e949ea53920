/**
 * Copies text to the clipboard. Without a secure context there is no Clipboard API, but the older
 * command.
 *
 * @returns Whether the browser has copied it
 */
export async function copyText(page: Document, text: string): Promise<boolean> {
  try {
    await page.defaultView?.navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyByCommand(page, text)
  }
}

function copyByCommand(page: Document, text: string): boolean {
  const focused = page.activeElement
  const field = page.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  page.body.append(field)
  field.select()
  const isCopied = page.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}
