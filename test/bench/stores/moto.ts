import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { installStep, rivalsFolder } from '../rivals/cache.ts'
import { BUCKET, type Store } from './store.ts'
import { startProgram } from './store-process.ts'

const VERSION = '5.2.5'

/** moto's server, of PyPI: keeps objects in memory and spills large ones to the disk. */
export const moto: Store = {
  name: 'moto',
  title: `moto server ${VERSION}`,
  async start(_folder, report) {
    const port = await freePort()
    const program = await install(report)
    const { stop, child } = await startProgram('moto', port, program, ['-p', `${port}`])
    const url = `http://127.0.0.1:${port}/${BUCKET}`
    await fetch(url, { method: 'PUT' })
    return {
      url,
      pid: child.pid,
      fields: (key) => [
        ['key', key],
        ['success_action_status', '200'],
      ],
      stop,
    }
  },
}

async function install(report: (line: string) => void): Promise<string> {
  const folder = join(rivalsFolder(), `moto-${VERSION}`)
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const program = join(bin, 'moto_server')
  if (existsSync(program)) return program
  report(`Installing moto ${VERSION} from PyPI, once, into ${folder}`)
  await mkdir(rivalsFolder(), { recursive: true })
  try {
    await installStep('moto', 'python3', ['-m', 'venv', folder], report)
    const pip = join(bin, 'pip')
    const packages = ['install', '--quiet', `moto[server,s3]==${VERSION}`]
    await installStep('moto', pip, packages, report)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return program
}
