import { type Language, loadTranslation, rememberLanguage, type Translation } from './language.ts'

/** Puts one language into the page's own markup: what has `data-text`, the title, the buttons. */
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
 * @param onTranslation Told of the language that is wanted last, once it is loaded
 */
export function onLanguageChoice(
  page: Document,
  onTranslation: (translation: Translation) => void,
): void {
  let wanted: Language | undefined
  for (const button of languageButtons(page)) {
    button.addEventListener('click', async () => {
      const language = button.dataset.language === 'zh' ? 'zh' : 'en'
      wanted = language
      const translation = await loadTranslation(language).catch(() => undefined)
      if (translation === undefined || wanted !== language) return
      rememberLanguage(language)
      onTranslation(translation)
    })
  }
}

function languageButtons(page: Document): NodeListOf<HTMLButtonElement> {
  return page.querySelectorAll('#languages button')
}
