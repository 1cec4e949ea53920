import { isInstalled } from '../../apt-packages.ts'

/** Browser engines in which the page is tested. */
export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** Programs of each engine that npm does not install, and their Debian packages. */
const PROGRAMS: Readonly<Record<EngineName, Readonly<Record<string, string>>>> = {
  chromium: {},
  firefox: { 'firefox-esr': 'firefox-esr' },
  webkit: { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' },
}

/** Returns the Debian packages that an engine still needs on this machine. */
export function missingPackages(engine: EngineName): string[] {
  return Object.entries(PROGRAMS[engine]).flatMap(([program, name]) =>
    isInstalled(program) ? [] : [name],
  )
}

/**
 * Returns why an engine cannot run on this machine.
 *
 * @returns undefined when it can
 */
export function whyNoEngine(engine: EngineName): string | undefined {
  if (engine === 'chromium') return undefined
  if (process.platform !== 'linux') return `${engine} is tested on Linux only`
  const packages = missingPackages(engine)
  if (packages.length > 0) {
    return `${engine} is not installed; run "npm run browsers" or "apt-get install ${packages.join(' ')}" as root`
  }
  // For host names of its own.
  if (engine === 'webkit' && process.getuid?.() !== 0) return 'webkit is tested only as root'
  return undefined
}
