/**
 * `npm run browsers`: installs Firefox and WebKit with apt-get. Where that is impossible it says so; the
 * tests then run in Chromium alone.
 */
import { installPackages, isInstalled } from '../../apt-packages.ts'
import { missingPackages } from './requirements.ts'

const report = (line: string): void => console.log(line)
const packages = [...missingPackages('firefox'), ...missingPackages('webkit')]
if (packages.length === 0) report('Firefox and WebKit are installed')
else if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
  report(`Not installed, as this needs apt-get and root: ${packages.join(', ')}`)
} else {
  report(`Installing ${packages.join(', ')}`)
  await installPackages(packages, report).catch((error: Error) => report(error.message))
}
