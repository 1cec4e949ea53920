import { getDroppedFiles } from '@uppy/core/utils'

export interface DropCallbacks {
  onFiles: (files: readonly File[]) => void
  /** Called when a file or folder could not be read. */
  onError: (error: Error) => void
  onEmptyFolder: (name: string) => void
}

/**
 * Accepts files and folders that are dropped or pasted anywhere on the page. Otherwise, a browser
 * would open a dropped file in place of the page.
 */
export function acceptDropsAndPastes(
  page: Document,
  { onFiles, onError, onEmptyFolder }: DropCallbacks,
): void {
  const add = async (data: DataTransfer): Promise<void> => {
    const logDropError = (error: unknown): void =>
      onError(error instanceof Error ? error : new Error(String(error)))
    const files = await getDroppedFiles(data, { logDropError })
    if (files.length > 0) onFiles(files)
  }
  const highlight = (isOver: boolean): void => {
    page.body.classList.toggle('drag-over', isOver)
  }
  page.addEventListener('paste', (event) => {
    const data = event.clipboardData
    if (data === null || !hasFiles(data)) return
    event.preventDefault()
    reportEmptyFolders(data, onEmptyFolder)
    void add(data)
  })
  page.addEventListener('dragover', (event) => {
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    highlight(true)
  })
  page.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) highlight(false)
  })
  page.addEventListener('drop', (event) => {
    highlight(false)
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer)) return
    event.preventDefault()
    reportEmptyFolders(event.dataTransfer, onEmptyFolder)
    void add(event.dataTransfer)
  })
}

/** Has to be called in the event's handler, which alone may access the entries. */
function reportEmptyFolders(data: DataTransfer, onEmptyFolder: (name: string) => void): void {
  for (const item of data.items) {
    const entry = item.webkitGetAsEntry()
    if (!entry?.isDirectory) continue
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    reader.readEntries((entries) => {
      if (entries.length === 0) onEmptyFolder(entry.name)
    })
  }
}

function hasFiles(data: DataTransfer): boolean {
  return data.types.includes('Files')
}
