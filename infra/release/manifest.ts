import { createHash } from 'node:crypto'

/** An object of the release bucket. */
export interface StoredFile {
  key: string
  /** Of the object's bytes, lower-case hex. */
  sha256: string
}

/** What an instance downloads at its first start; nothing in it is secret. */
export interface ReleaseManifest {
  bucket: string
  /** The server and the page: an uncompressed tar. */
  app: StoredFile
  /** Node, as its npm package: a gzipped tar with `package/bin/node`. */
  runtime: StoredFile
  /** The secret part of the server's environment; absent when there is none. */
  secrets?: StoredFile
  /** 12 hex digits that identify the content; the server reports it at `GET /healthz`. */
  id: string
}

/** Returns the manifest of a release, with the id of its content. */
export function releaseManifest(parts: Omit<ReleaseManifest, 'id'>): ReleaseManifest {
  const { app, runtime, secrets } = parts
  const content = JSON.stringify([app.sha256, runtime.sha256, secrets?.sha256 ?? ''])
  return { ...parts, id: createHash('sha256').update(content).digest('hex').slice(0, 12) }
}
