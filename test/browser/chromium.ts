import sparticuz from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'

/** Arguments for a Chromium that runs as any user and sends no requests of its own. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Launches the Chrome at CHROME_PATH or, by default, the one in an npm package (Linux, x64).
 *
 * @param hosts Host names and their addresses
 * @param more Further arguments
 */
export async function launchChromium(
  hosts: Record<string, string> = {},
  more: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch(await launchOptions(hosts, more))
}

/** Launches Chrome with a profile that is kept in a folder. */
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
      ...CHROMIUM_ARGUMENTS,
      // A camera with a test picture, and the permission to use it.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...more,
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : []),
    ],
  }
}
