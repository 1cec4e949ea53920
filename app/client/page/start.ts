import './transfers.css'
import { ENGLISH, loadTranslation, preferredLanguage, storedLanguage } from './language.ts'
import { onLanguageChoice } from './page-text.ts'
import { findServerUrl, listedServers } from './server-url.ts'
import { UploadPage } from './upload-page.ts'

/** Starts the page. */
export async function startPage(): Promise<void> {
  const language = preferredLanguage(navigator.languages, storedLanguage())
  const translation = await loadTranslation(language).catch(() => ENGLISH)
  const page = new UploadPage(
    document,
    findServerUrl(location, listedServers(document)),
    translation,
  )
  onLanguageChoice(document, (chosen) => page.translate(chosen))
  await page.loadConfig()
}
