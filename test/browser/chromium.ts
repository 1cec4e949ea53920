import sparticuz from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'

/**
 * The Chrome that CHROME_PATH names, else the one that an npm package carries (Linux, x64).
 *
 * @param hosts Names, and the addresses that they stand for
 * @param more Further arguments of Chrome's
 */
export async function launchChromium(
  hosts: Record<string, string> = {},
  more: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch(await launchOptions(hosts, more))
}

/** The same with a profile in a folder, which is there again when it is launched once more. */
export async function launchProfile(
  folder: string,
  hosts: Record<string, string> = {},
): Promise<BrowserContext> {
  const options = await launchOptions(hosts, [])
  return chromium.launchPersistentContext(folder, { ...options, locale: 'en-US' })
}

async function launchOptions(
  hosts: Record<string, string>,
  more: readonly string[],
): Promise<LaunchOptions> {
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`)
  return {
    executablePath: process.env.CHROME_PATH ?? (await sparticuz.executablePath()),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A camera that shows a test picture, and leave to use it.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...more,
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : []),
    ],
  }
}
