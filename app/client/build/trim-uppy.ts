import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Locale } from '@uppy/core/utils'
import type { Plugin } from 'vite'

/** Uppy's styles for what the page has not: files from other people's clouds. */
const UNUSED_STYLE = /\.uppy-?(Provider|SearchProvider)/i
/** Uppy's packages whose texts the page can show. */
const SPEAKING = ['@uppy/core', '@uppy/dashboard', '@uppy/webcam']

/** What Uppy would load for things that never come to pass here, and what serves as well. */
const STAND_INS: Readonly<Record<string, string>> = {
  // The icon of a source of files that has none: ours has one.
  '@uppy/core/provider-views': 'export const defaultPickerIcon = () => null',
  // Finds out how a picture was turned; every browser that runs this page turns it by itself.
  'exifr/dist/mini.esm.mjs': 'export const rotation = async () => 1',
}

/** Leaves out of the built page what of Uppy it can never show: about 30 KB of 100 compressed. */
export function trimUppy(): Plugin {
  return {
    name: 'page-weight',
    enforce: 'pre',
    resolveId: (source) => (source in STAND_INS ? `\0stand-in:${source}` : null),
    load: (id) => STAND_INS[id.replace(/^\0stand-in:/, '')] ?? null,
    async transform(code, id) {
      const path = id.replaceAll('\\', '/').split('?', 1)[0] ?? ''
      if (/\/@uppy\/[^/]+\/.*\.css$/.test(path)) return withoutRules(code, UNUSED_STYLE)
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

/** A stylesheet without the rules all of whose selectors match. */
export function withoutRules(css: string, unused: RegExp): string {
  return rulesOf(css)
    .map((rule) => {
      const open = rule.indexOf('{')
      if (open < 0) return rule
      const head = rule.slice(0, open)
      if (head.trimStart().startsWith('@media') || head.trimStart().startsWith('@supports')) {
        const inner = withoutRules(rule.slice(open + 1, rule.lastIndexOf('}')), unused)
        return inner.trim() === '' ? '' : `${head}{${inner}}`
      }
      const kept = head.split(',').filter((selector) => !unused.test(selector))
      return kept.length === 0 ? '' : kept.join(',') + rule.slice(open)
    })
    .join('')
}

function rulesOf(css: string): string[] {
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

// The pack has the texts of every plugin that there is.
async function keepUsedTexts(code: string, pack: string): Promise<string> {
  const require = createRequire(pack)
  const known = new Set<string>()
  for (const name of SPEAKING) {
    const english = pathToFileURL(join(dirname(require.resolve(name)), 'locale.js'))
    const { default: locale } = (await import(english.href)) as { default: Locale }
    for (const key of Object.keys(locale.strings)) known.add(key)
  }
  // One text a line, as every pack has been written for years; a pack written otherwise stays whole.
  return code.replaceAll(/^ {4}(\w+): '(?:[^'\\]|\\.)*',\n/gm, (line, key: string) =>
    known.has(key) ? line : '',
  )
}
