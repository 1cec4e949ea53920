import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { installStep, rivalsFolder } from '../rivals/cache.ts'
import { BUCKET, type Store, unsignedFields } from './store.ts'
import { startStore } from './store-process.ts'

const VERSION = '5.2.5'

/** moto's server from PyPI: stores objects in memory and large ones on disk. */
export const moto: Store = {
  name: 'moto',
  title: `moto server ${VERSION}`,
  async start(_folder, report) {
    const store = await startStore({
      title: 'moto',
      command: await install(report),
      args: (port) => ['-p', `${port}`],
      path: `/${BUCKET}`,
      fields: unsignedFields,
    })
    await fetch(store.url, { method: 'PUT' })
    return store
  },
}

async function install(report: (line: string) => void): Promise<string> {
  const folder = join(rivalsFolder(), `moto-${VERSION}`)
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const program = join(bin, 'moto_server')
  if (existsSync(program)) return program
  report(`Installing moto ${VERSION} into ${folder}; this happens once`)
  await mkdir(rivalsFolder(), { recursive: true })
  try {
    await installStep('moto', 'python3', ['-m', 'venv', folder], report)
    const packages = ['install', '--quiet', `moto[server,s3]==${VERSION}`]
    await installStep('moto', join(bin, 'pip'), packages, report)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return program
}
