import type { Tab } from './engines/tab.ts'

/**
 * Drops files on an element by events that a script dispatches, which every engine can do; a drag from
 * the system is only possible in Chromium.
 *
 * @param files Contents by name
 */
export async function dropFiles(
  tab: Tab,
  selector: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await tab.evaluate(
    ({ selector, files }) => {
      const dataTransfer = new DataTransfer()
      for (const [name, content] of Object.entries(files)) {
        dataTransfer.items.add(new File([content], name, { type: 'text/plain' }))
      }
      const target = document.querySelector(selector)
      for (const type of ['dragenter', 'dragover', 'drop']) {
        target?.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        )
      }
    },
    { selector, files },
  )
}
