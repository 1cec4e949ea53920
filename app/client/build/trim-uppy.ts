import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Locale } from '@uppy/core/utils'
import type { Plugin } from 'vite'

/** Uppy's styles for remote sources of files, which the page does not have. */
const UNUSED_STYLE = /\.uppy-?(Provider|SearchProvider)/i
/** Packages whose texts the page shows. */
const PACKAGES_WITH_TEXTS = ['@uppy/core', '@uppy/dashboard', '@uppy/webcam']

/** Replacements of modules that the page never needs. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  // The icon of a source of files without one.
  '@uppy/core/provider-views': 'export const defaultPickerIcon = () => null',
  // Reads the orientation of pictures; supported browsers apply it by themselves.
  'exifr/dist/mini.esm.mjs': 'export const rotation = async () => 1',
}

/** Removes the parts of Uppy that the page never shows: about 30 of 100 KB compressed. */
export function trimUppy(): Plugin {
  return {
    name: 'trim-uppy',
    enforce: 'pre',
    resolveId: (source) => (source in REPLACEMENTS ? `\0replacement:${source}` : null),
    load: (id) => REPLACEMENTS[id.replace(/^\0replacement:/, '')] ?? null,
    async transform(code, id) {
      const path = id.replaceAll('\\', '/').split('?', 1)[0] ?? ''
      if (/\/@uppy\/[^/]+\/.*\.css$/.test(path)) return removeRules(code, UNUSED_STYLE)
      if (/\/@uppy\/locales\/lib\/zh_CN\.js$/.test(path)) return keepUsedTexts(code, path)
      if (/\/@uppy\/[^/]+\/package\.json$/.test(path)) return keepVersionOnly(code)
      return null
    },
  }
}

function keepVersionOnly(json: string): string {
  const { version } = JSON.parse(json) as { version: string }
  return JSON.stringify({ version })
}

/** Removes the rules all of whose selectors match. */
export function removeRules(css: string, unused: RegExp): string {
  return splitRules(css)
    .map((rule) => {
      const open = rule.indexOf('{')
      if (open < 0) return rule
      const head = rule.slice(0, open)
      if (head.trimStart().startsWith('@media') || head.trimStart().startsWith('@supports')) {
        const inner = removeRules(rule.slice(open + 1, rule.lastIndexOf('}')), unused)
        return inner.trim() === '' ? '' : `${head}{${inner}}`
      }
      const used = head.split(',').filter((selector) => !unused.test(selector))
      return used.length === 0 ? '' : used.join(',') + rule.slice(open)
    })
    .join('')
}

function splitRules(css: string): string[] {
  const rules: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1
    else if (css[at] === '}') depth -= 1
    else if (css[at] !== ';' || depth > 0) continue
    if (depth > 0 || css[at] === '{') continue
    rules.push(css.slice(start, at + 1))
    start = at + 1
  }
  rules.push(css.slice(start))
  return rules
}

/** Removes the texts of plugins that the page does not have. */
async function keepUsedTexts(code: string, pack: string): Promise<string> {
  const require = createRequire(pack)
  const usedKeys = new Set<string>()
  for (const name of PACKAGES_WITH_TEXTS) {
    const english = pathToFileURL(join(dirname(require.resolve(name)), 'locale.js'))
    const { default: locale } = (await import(english.href)) as { default: Locale }
    for (const key of Object.keys(locale.strings)) usedKeys.add(key)
  }
  // Packs have one text a line; one that is formatted otherwise is not changed.
  return code.replaceAll(/^ {4}(\w+): '(?:[^'\\]|\\.)*',\n/gm, (line, key: string) =>
    usedKeys.has(key) ? line : '',
  )
}
