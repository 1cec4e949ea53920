import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeepingPlace, KeptName } from './certificate-store.ts'

/** Keeps documents as files that only their owner may read. */
export class CertificateFolder implements KeepingPlace {
  readonly title: string
  readonly #path: string

  constructor(path: string) {
    this.#path = path
    this.title = `the folder ${path}`
  }

  /** Makes the folder in one that is there, and sure that it can be written. @throws Error */
  async prepare(): Promise<void> {
    await mkdir(this.#path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    const probe = this.#temporary()
    await (await open(probe, 'wx', 0o600)).close()
    await rm(probe)
  }

  async read(name: KeptName): Promise<string | undefined> {
    try {
      return await readFile(join(this.#path, name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  async write(name: KeptName, text: string, onlyNew: boolean): Promise<boolean> {
    const temporary = this.#temporary()
    const target = join(this.#path, name)
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(text)
        await file.sync()
      } finally {
        await file.close()
      }
      if (!onlyNew) await rename(temporary, target)
      else await link(temporary, target)
      return true
    } catch (error) {
      if (onlyNew && (error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await rm(temporary, { force: true })
    }
  }

  #temporary(): string {
    return join(this.#path, `.${randomUUID()}`)
  }
}
