import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The least of a registry that npm takes a package from. */
export class NpmRegistry {
  /** Requests so far, as paths. */
  readonly requests: string[] = []
  /** Requests that are still to be answered with 502. */
  outOfOrder = 0
  readonly #packages = new Map<string, { version: string; archive: Buffer }>()
  #origin = ''
  readonly #server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    this.requests.push(path)
    if (this.outOfOrder > 0) {
      this.outOfOrder -= 1
      return void response.writeHead(502).end()
    }
    const [, name = '', file] = /^\/([^/]+)(?:\/-\/(.+))?$/.exec(path) ?? []
    const found = this.#packages.get(name)
    if (!found) return void response.writeHead(404).end('{"error":"not found"}')
    if (file !== undefined) return void response.end(found.archive)
    const { version, archive } = found
    const tarball = `${this.#origin}/${name}/-/${name}-${version}.tgz`
    const dist = { tarball, integrity: integrityOf(archive) }
    const versions = { [version]: { name, version, dist } }
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=300' })
      .end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }))
  })

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this.#origin
  }

  /** Publishes an archive; returns its integrity, as a lockfile has it. */
  publish(name: string, version: string, archive: Buffer): string {
    this.#packages.set(name, { version, archive })
    return integrityOf(archive)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function integrityOf(archive: Buffer): string {
  return `sha512-${createHash('sha512').update(archive).digest('base64')}`
}
