import type { BrowserType } from 'playwright-core'
import { firefox as earlierFirefox } from 'playwright-core-firefox'
import { launchChromium } from '../chromium.ts'
import { PlaywrightEngine } from './playwright-engine.ts'
import type { EngineName } from './requirements.ts'
import type { Engine } from './tab.ts'
import { WebKitEngine } from './webkit-engine.ts'

/** Of an earlier Playwright: version 1.65 sends a BiDi command that Firefox ESR does not know. */
const firefox = earlierFirefox as unknown as BrowserType

/** The engine that the current test project runs in. */
export const ENGINE = (process.env.BROWSER_ENGINE ?? 'chromium') as EngineName

/**
 * Launches an engine.
 *
 * @param hosts Host names, all of this machine
 * @param name @default that of the current test project
 */
export async function launchEngine(
  hosts: Readonly<Record<string, string>>,
  name: EngineName = ENGINE,
): Promise<Engine> {
  if (name === 'webkit') return WebKitEngine.launch(hosts)
  if (name === 'chromium') {
    const browser = launchChromium({ ...hosts })
    return new PlaywrightEngine(() => browser)
  }
  return new PlaywrightEngine((colorScheme) =>
    firefox.launch({
      channel: 'moz-firefox',
      executablePath: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
      firefoxUserPrefs: {
        'network.dns.localDomains': Object.keys(hosts).join(','),
        'ui.useOverlayScrollbars': 1,
        'ui.systemUsesDarkTheme': colorScheme === 'dark' ? 1 : 0,
        'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
      },
    }),
  )
}
