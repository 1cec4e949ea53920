import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentName, DocumentStore } from './document-store.ts'

/** Stores documents as files that only their owner may read. */
export class FolderStore implements DocumentStore {
  readonly title: string
  readonly #path: string

  constructor(path: string) {
    this.#path = path
    this.title = `the folder ${path}`
  }

  /** Creates the folder if its parent exists, and checks that it is writable. @throws Error */
  async prepare(): Promise<void> {
    await mkdir(this.#path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    const probe = this.#temporary()
    await (await open(probe, 'wx', 0o600)).close()
    await rm(probe)
  }

  async read(name: DocumentName): Promise<string | undefined> {
    try {
      return await readFile(join(this.#path, name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  async write(name: DocumentName, text: string, onlyNew: boolean): Promise<boolean> {
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
