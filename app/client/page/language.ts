import type { Locale } from '@uppy/core/utils'
import { en, type Strings } from './locales/en.ts'

export type Language = 'en' | 'zh'

/** Everything that is said in one language. */
export interface Translation {
  language: Language
  /** For `<html lang>` and number formats. */
  tag: string
  strings: Strings
  uppy: Locale
}

const STORED_AS = 'language'

/** What Uppy says without a pack is English. */
export const ENGLISH: Translation = {
  language: 'en',
  tag: 'en',
  strings: en,
  uppy: { strings: en.uppy, pluralize: (count) => (count === 1 ? 0 : 1) },
}

/** Loads a language; Chinese comes as a file of its own, only when it is wanted. */
export async function loadTranslation(language: Language): Promise<Translation> {
  if (language === 'en') return ENGLISH
  const { zh, pack } = await import('./locales/zh.ts')
  const uppy = { ...pack, strings: { ...pack.strings, ...zh.uppy } }
  return { language: 'zh', tag: 'zh-CN', strings: zh, uppy }
}

/**
 * The language to start with: the one that was chosen here before, else the first one that both
 * browser and page speak.
 *
 * @param wanted As navigator.languages: best first
 */
export function preferredLanguage(wanted: readonly string[], chosen: string | null): Language {
  if (chosen === 'en' || chosen === 'zh') return chosen
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-', 1)[0]
    if (language === 'en' || language === 'zh') return language
  }
  return 'en'
}

/** What `rememberLanguage` kept; null when nothing is kept, or storage is blocked. */
export function rememberedLanguage(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}

/** Keeps the choice for the next visit, where storage is allowed. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED_AS, language)
  } catch {
    // Blocked storage only means that the choice is made again.
  }
}
