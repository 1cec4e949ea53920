import { type Language, loadTranslation, storeLanguage, type Translation } from './language.ts'

/** Puts the texts of a language into the page's markup: elements with `data-text`, and the title. */
export function showPageText(page: Document, { language, tag, strings }: Translation): void {
  page.documentElement.lang = tag
  page.title = strings.documentTitle
  for (const element of page.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = strings[element.dataset.text as keyof typeof strings]
    if (typeof text === 'string') element.textContent = text
  }
  for (const button of languageButtons(page)) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language))
  }
}

/**
 * Makes the language buttons work.
 *
 * @param onTranslation Called with the language that was chosen last, once it is loaded
 */
export function onLanguageChoice(
  page: Document,
  onTranslation: (translation: Translation) => void,
): void {
  let lastChosen: Language | undefined
  for (const button of languageButtons(page)) {
    button.addEventListener('click', async () => {
      const language = button.dataset.language === 'zh' ? 'zh' : 'en'
      lastChosen = language
      const translation = await loadTranslation(language).catch(() => undefined)
      if (translation === undefined || lastChosen !== language) return
      storeLanguage(language)
      onTranslation(translation)
    })
  }
}

function languageButtons(page: Document): NodeListOf<HTMLButtonElement> {
  return page.querySelectorAll('#languages button')
}
