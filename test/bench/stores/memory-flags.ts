import { readFileSync } from 'node:fs'

const SOURCES = {
  'npm run oss': () =>
    (JSON.parse(text('package.json')) as { scripts: { oss: string } }).scripts.oss,
  instance: () => text('infra/boot/oss-direct-upload.service'),
}

/** Returns Node's memory options with which a program of this project is started. */
export function memoryFlags(where: keyof typeof SOURCES): string[] {
  return SOURCES[where]().match(/--(?:min|max)-semi-space-size=\d+/g) ?? []
}

function text(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}
