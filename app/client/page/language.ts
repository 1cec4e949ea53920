import { en, type Strings } from './locales/en.ts'

export type Language = 'en' | 'zh'

/** All texts of one language. */
export interface Translation {
  language: Language
  /** Language tag for `<html lang>` and `Intl`. */
  tag: string
  strings: Strings
}

const STORAGE_KEY = 'language'

export const ENGLISH: Translation = { language: 'en', tag: 'en', strings: en }

/** Loads the texts of a language. Chinese is in a separate file. */
export async function loadTranslation(language: Language): Promise<Translation> {
  if (language === 'en') return ENGLISH
  const { zh } = await import('./locales/zh.ts')
  return { language: 'zh', tag: 'zh-CN', strings: zh }
}

/**
 * Returns the language to start with: the stored choice, or the first of the browser's languages that
 * the page has.
 *
 * @param languages As `navigator.languages`, best first
 */
export function preferredLanguage(languages: readonly string[], stored: string | null): Language {
  if (stored === 'en' || stored === 'zh') return stored
  for (const tag of languages) {
    const language = tag.toLowerCase().split('-', 1)[0]
    if (language === 'en' || language === 'zh') return language
  }
  return 'en'
}

/** Returns the stored choice; `null` without one or where storage is blocked. */
export function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}

/** Stores the choice for the next visit, where storage is allowed. */
export function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // Storage is blocked.
  }
}
