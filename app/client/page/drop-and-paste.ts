import { getDroppedFiles } from '@uppy/core/utils'

/** What files are added to. */
export interface FileTarget {
  addFiles(files: File[]): void
}

export interface DropCallbacks {
  /** Called when a file or folder could not be read. */
  onError: (error: Error) => void
  onEmptyFolder: (name: string) => void
}

/**
 * Accepts files that are dropped or pasted anywhere on the page. The Dashboard itself handles drops on
 * it and pastes while it has the focus; without this, a browser would open other dropped files in
 * place of the page.
 *
 * `onEmptyFolder` is called for folders that are dropped on the Dashboard, too.
 */
export function acceptDropsAndPastes(
  page: Document,
  target: FileTarget,
  { onError, onEmptyFolder }: DropCallbacks,
): void {
  const add = async (data: DataTransfer): Promise<void> => {
    const logDropError = (error: unknown): void =>
      onError(error instanceof Error ? error : new Error(String(error)))
    const files = await getDroppedFiles(data, { logDropError })
    if (files.length > 0) target.addFiles(files)
  }
  const highlight = (isOver: boolean): void => {
    page.body.classList.toggle('drag-over', isOver)
  }
  // In the capture phase, because the Dashboard would read a pasted folder as a file.
  page.addEventListener(
    'paste',
    (event) => {
      const data = event.clipboardData
      if (data === null || !hasFiles(data)) return
      event.preventDefault()
      event.stopPropagation()
      reportEmptyFolders(data, onEmptyFolder)
      void add(data)
    },
    { capture: true },
  )
  // The Dashboard stops the propagation of the drag events on it.
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
    void add(event.dataTransfer)
  })
  page.addEventListener(
    'drop',
    ({ dataTransfer }) => {
      highlight(false)
      if (dataTransfer !== null) reportEmptyFolders(dataTransfer, onEmptyFolder)
    },
    { capture: true },
  )
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
