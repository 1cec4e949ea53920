import { getDroppedFiles } from '@uppy/core/utils'

/** What files are given to. */
export interface Taker {
  addFiles(files: File[]): void
}

/**
 * Takes files that are pasted or dropped anywhere on the page. The Dashboard looks after what is
 * dropped on it and pasted while it has the focus; else a browser leaves the page for the file, or
 * does nothing.
 *
 * @param onTrouble Told of a file or folder that could not be read
 */
export function acceptDropsAndPastes(
  page: Document,
  taker: Taker,
  onTrouble: (error: Error) => void,
): void {
  const add = async (data: DataTransfer): Promise<void> => {
    const logDropError = (error: unknown): void =>
      onTrouble(error instanceof Error ? error : new Error(String(error)))
    const files = await getDroppedFiles(data, { logDropError })
    if (files.length > 0) taker.addFiles(files)
  }
  const mark = (over: boolean): void => {
    page.body.classList.toggle('dropping', over)
  }
  // Before the Dashboard sees it: it would read a pasted folder as a file.
  page.addEventListener(
    'paste',
    (event) => {
      const data = event.clipboardData
      if (data === null || !hasFiles(data)) return
      event.preventDefault()
      event.stopPropagation()
      void add(data)
    },
    { capture: true },
  )
  // The Dashboard keeps its own drags and drops from coming this far.
  page.addEventListener('dragover', (event) => {
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    mark(true)
  })
  page.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false)
  })
  page.addEventListener('drop', (event) => {
    mark(false)
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer)) return
    event.preventDefault()
    void add(event.dataTransfer)
  })
  page.addEventListener('drop', () => mark(false), { capture: true })
}

function hasFiles(data: DataTransfer): boolean {
  return data.types.includes('Files')
}
