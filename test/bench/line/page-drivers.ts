import type { PageDriver } from './upload-run.ts'

/** Returns the driver of this project's page. @param origin Of the signing server */
export function ownPage(origin: string): PageDriver {
  return {
    url: origin,
    async select(page, paths) {
      await page.locator('#select-files + input').setInputFiles(paths)
      await page.locator('#start').waitFor()
    },
    start: () => document.querySelector<HTMLElement>('#start')?.click(),
  }
}

/** Returns the driver of a rival's page. */
export function rivalPage(origin: string, name: string): PageDriver {
  return {
    url: `${origin}/${name}`,
    async select(page, paths) {
      await page.locator('input').first().setInputFiles(paths)
      await page.evaluate(() => {
        const { files } = document.querySelector('input') as HTMLInputElement
        window.prepareFiles(files as FileList)
      })
    },
    start: () => window.startUpload(),
  }
}
