import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const PAGES = fileURLToPath(new URL('pages', import.meta.url))
const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
/** Scripts that pages load as they are published. */
const SCRIPTS = ['plupload/js/plupload.full.min.js', 'ali-oss/dist/aliyun-oss-sdk.min.js']

/** Builds the pages of the rivals into a folder. */
export async function buildRivalPages(folder: string): Promise<void> {
  const names = ['uploader', 'floor', 'uppy', 'plupload', 'ali-oss']
  await build({
    configFile: false,
    root: PAGES,
    base: './',
    logLevel: 'silent',
    build: {
      outDir: folder,
      target: 'esnext',
      rollupOptions: { input: names.map((name) => join(PAGES, `${name}.html`)) },
    },
  })
  for (const script of SCRIPTS) {
    await copyFile(join(MODULES, script), join(folder, script.slice(script.lastIndexOf('/') + 1)))
  }
}
