import './page.css'
import './picker.css'
import { isSupportedBrowser } from './browser-support.ts'

if (isSupportedBrowser()) {
  // Loaded after the first paint, which does not need it.
  const { startPage } = await import('./start.ts')
  await startPage()
} else {
  for (const element of document.querySelectorAll<HTMLElement>('#unsupported, #picker')) {
    element.hidden = element.id === 'picker'
  }
}
