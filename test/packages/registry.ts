import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { list } from 'tar'

/** A registry that has the packages of this project, as npm has them once they are published. */
export interface Registry {
  /** Differs from that of every other registry, because npm caches what it fetches from there. */
  url: string
  close(): Promise<void>
}

/** Serves tarballs as a registry. @param tarballs Paths by package name */
export async function startRegistry(tarballs: ReadonlyMap<string, string>): Promise<Registry> {
  const prefix = `/${randomUUID()}/`
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(prefix.length)
    const [name = '', isTarball] = path.split('/-/')
    const tarball = tarballs.get(name)
    if (tarball === undefined) response.writeHead(404).end('{}')
    else if (isTarball) response.end(await readFile(tarball))
    else response.end(JSON.stringify(await packageDocument(tarball, `${url}${name}/-/package.tgz`)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`
  return {
    url,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Source: "Public Registry API" in the documentation of npm's registry. */
async function packageDocument(path: string, url: string): Promise<object> {
  const manifest = await manifestOf(path)
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(path))
    .digest('base64')}`
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist: { tarball: url, integrity } } },
  }
}

/** Returns the package.json in a tarball. */
async function manifestOf(path: string): Promise<{ name: string; version: string }> {
  const chunks: Buffer[] = []
  await list({
    file: path,
    filter: (entry) => entry === 'package/package.json',
    onReadEntry: (entry) => void entry.on('data', (chunk: Buffer) => chunks.push(chunk)),
  })
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
