import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'
import { onTestFinished } from 'vitest'

/**
 * Starts Chromium in a network namespace, with the names that are known there; it ends with the test.
 *
 * @param certificates PEM of the only authorities that it trusts beside its own, each of which servers
 *   send along
 */
export async function visitorBrowser(
  namespace: string,
  ...certificates: readonly string[]
): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'visitor-browser-'))
  const program = process.env.CHROME_PATH ?? (await sparticuz.executablePath())
  const inside = join(folder, 'chromium')
  await writeFile(inside, `#!/bin/sh\nexec ip netns exec '${namespace}' '${program}' "$@"\n`)
  await chmod(inside, 0o755)
  const keys = certificates.map((certificate) => {
    const { publicKey } = new X509Certificate(certificate)
    const key = publicKey.export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(key).digest('base64')
  })
  const browser = await chromium.launch({
    executablePath: inside,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chromium has a store of its own for authorities.
      `--ignore-certificate-errors-spki-list=${keys.join(',')}`,
    ],
  })
  onTestFinished(async () => {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })
  return browser
}
