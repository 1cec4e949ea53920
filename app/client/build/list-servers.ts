import { UsageError } from '@oss-direct-upload/process/usage-error'
import type { Plugin } from 'vite'

/**
 * Lists signing servers in the built page, as `<meta name="signing-servers">`.
 *
 * @throws UsageError for anything but http and https URLs
 */
export function listServers(servers: readonly string[]): Plugin {
  for (const server of servers) {
    if (!/^https?:\/\/[^\s/]\S*$/.test(server) || !URL.canParse(server)) {
      throw new UsageError(`--server must be a URL like https://upload.example, not "${server}"`)
    }
  }
  const attrs = { name: 'signing-servers', content: servers.join(' ') }
  return {
    name: 'list-servers',
    transformIndexHtml: () => (servers.length === 0 ? [] : [{ tag: 'meta', attrs }]),
  }
}
