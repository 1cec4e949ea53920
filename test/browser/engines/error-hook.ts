import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Records errors and CSP violations in `window.violations`. */
const HOOK = `window.violations = []
const record = (text) => {
  if (!/^Failed to load resource|^\\[Uppy\\] (?!.*Missing i18n)/.test(text)) violations.push(text)
}
addEventListener('error', (event) => record(event.message || 'error event'))
addEventListener('unhandledrejection', (event) => record(String(event.reason?.message ?? event.reason)))
document.addEventListener('securitypolicyviolation', (event) =>
  record(event.effectiveDirective + ' ' + event.blockedURI))
const log = console.error
console.error = (...args) => {
  record(args.map(String).join(' '))
  log(...args)
}
`

/**
 * Adds a script to the built page that records its errors, because plain WebDriver reports none. Errors
 * that the engine itself logs stay unseen.
 */
export async function addErrorHook(clientDir: string): Promise<void> {
  await writeFile(join(clientDir, 'error-hook.js'), HOOK)
  const index = join(clientDir, 'index.html')
  const html = await readFile(index, 'utf8')
  await writeFile(index, html.replace('<head>', '<head><script src="./error-hook.js"></script>'))
}
