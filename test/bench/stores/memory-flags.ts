import { readFileSync } from 'node:fs'

const READ = {
  'npm run oss': () =>
    (JSON.parse(text('package.json')) as { scripts: { oss: string } }).scripts.oss,
  instance: () => text('infra/boot/oss-direct-upload.service'),
}

/** Node's options for the size of its memory that a program of this project is started with. */
export function memoryFlags(where: keyof typeof READ): string[] {
  return READ[where]().match(/--(?:min|max)-semi-space-size=\d+/g) ?? []
}

function text(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}
