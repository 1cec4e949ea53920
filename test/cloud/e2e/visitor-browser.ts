import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { CHROMIUM_ARGUMENTS } from '../../browser/chromium.ts'

/**
 * Starts Chromium in a network namespace for the duration of a test.
 *
 * @param certificates PEM of additional trusted authorities, which servers must send along
 */
export async function visitorBrowser(
  namespace: string,
  ...certificates: readonly string[]
): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'visitor-browser-'))
  const program = process.env.CHROME_PATH ?? (await sparticuz.executablePath())
  const wrapper = join(folder, 'chromium')
  await writeFile(wrapper, `#!/bin/sh\nexec ip netns exec '${namespace}' '${program}' "$@"\n`)
  await chmod(wrapper, 0o755)
  const keys = certificates.map((certificate) => {
    const { publicKey } = new X509Certificate(certificate)
    const key = publicKey.export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(key).digest('base64')
  })
  const browser = await chromium.launch({
    executablePath: wrapper,
    args: [
      ...CHROMIUM_ARGUMENTS,
      // Chromium does not use the system's trust store.
      `--ignore-certificate-errors-spki-list=${keys.join(',')}`,
    ],
  })
  onTestFinished(async () => {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })
  return browser
}
