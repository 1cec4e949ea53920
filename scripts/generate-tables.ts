/**
 * Writes what describes the settings, outputs and variables, between markers of these files:
 * Pulumi.yaml, docs/settings.md, docs/zh-CN/settings.md, docs/server.md.
 *
 *   node scripts/generate-tables.ts            writes the files
 *   node scripts/generate-tables.ts --check    ends with 1 when a file is stale
 *
 * `--root DIR` takes the files of another folder.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { CHINESE_SETTINGS } from './tables/chinese.ts'
import { serverVariables } from './tables/server-variables.ts'
import { stackOutputs } from './tables/stack-outputs.ts'
import { type StackSetting, stackSettings } from './tables/stack-settings.ts'

const REGION = 'ap-southeast-1'
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: ROOT } },
})
const settings = stackSettings()
const outputs = stackOutputs(join(ROOT, 'infra/index.ts'))
const stale = [
  update('Pulumi.yaml', 'settings', pulumiConfig()),
  update('docs/settings.md', 'settings', englishSettings()),
  update('docs/zh-CN/settings.md', 'settings', chineseSettings()),
  update(
    'docs/zh-CN/settings.md',
    'outputs',
    table(
      ['输出', '含义'],
      outputs.map(({ name, chinese }) => [code(name), chinese]),
    ),
  ),
  update(
    'docs/settings.md',
    'outputs',
    table(
      ['output', 'meaning'],
      outputs.map(({ name, english }) => [code(name), english]),
    ),
  ),
  update(
    'docs/server.md',
    'variables',
    table(
      ['variable', 'meaning', 'default'],
      serverVariables().map((v) => [code(v.name), v.description, v.default]),
    ),
  ),
].filter((file) => file !== undefined)
if (options.check && stale.length > 0) {
  console.error(`Stale: ${[...new Set(stale)].join(', ')}. Run: npm run tables`)
  process.exitCode = 1
}

/** Replaces what is between the markers; returns the file's name if that changes it. */
function update(file: string, name: string, content: string): string | undefined {
  const path = join(options.root, file)
  const text = readFileSync(path, 'utf8')
  const isYaml = file.endsWith('.yaml')
  const marker = (label: string): string => (isYaml ? `# ${label}\n` : `<!-- ${label} -->\n`)
  const start = marker(`generated: ${name}`)
  const end = marker(`end of generated: ${name}`)
  const from = text.indexOf(start) + start.length
  const to = text.indexOf(end)
  if (from < start.length || to < from) throw new Error(`${file} has no markers for ${name}`)
  const next = text.slice(0, from) + (isYaml ? content : `\n${content}\n`) + text.slice(to)
  if (next === text) return undefined
  if (!options.check) writeFileSync(path, next)
  return file
}

function pulumiConfig(): string {
  const config = settings.map(({ key, type, description, default: fallback }) => [
    key,
    {
      type,
      ...(type === 'array' && { items: { type: 'string' } }),
      description,
      default: fallback,
    },
  ])
  const declared = { 'alicloud:region': { value: REGION }, ...Object.fromEntries(config) }
  return stringify({ config: declared }, { lineWidth: 0 })
}

function englishSettings(): string {
  const rows = settings.map((setting) => [
    code(setting.key),
    setting.description.replaceAll(/docs\/([\w-]+\.md)/g, '[$1]($1)'),
    defaultOf(setting),
    setting.replacesServer ? 'yes' : 'no',
  ])
  const region = 'Region of everything. Outside the Chinese mainland no custom domain is needed.'
  return table(
    ['setting', 'meaning', 'default', 'new server'],
    [[code('alicloud:region'), region, code(REGION), 'new stack'], ...rows],
  )
}

function chineseSettings(): string {
  const rows = settings.map((setting) => [
    code(setting.key),
    CHINESE_SETTINGS[setting.key as keyof typeof CHINESE_SETTINGS],
    defaultOf(setting),
    setting.replacesServer ? '是' : '否',
  ])
  const region = '所有资源所在的地域。中国内地以外的地域不需要自定义域名。'
  return table(
    ['配置项', '含义', '默认值', '换服务器'],
    [[code('alicloud:region'), region, code(REGION), '换 stack'], ...rows],
  )
}

function defaultOf({ default: value }: StackSetting): string {
  const text = typeof value === 'object' ? Object.values(value ?? {}).join(', ') : String(value)
  return text === '' ? '' : code(text)
}

function code(text: string): string {
  return `\`${text}\``
}

/** Returns a table in Markdown, its columns aligned as Biome formats them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  const line = (cells: readonly string[], fill = ' '): string => {
    const padded = cells.map((cell, i) => cell + fill.repeat((widths[i] ?? 0) - width(cell)))
    return `| ${padded.join(' | ')} |\n`
  }
  const rule = line(
    head.map(() => ''),
    '-',
  )
  return line(head) + rule + rows.map((row) => line(row)).join('')
}

/** Returns the columns that a text takes: two for each Chinese character or full-width sign. */
function width(text: string): number {
  return [...text].reduce(
    (sum, sign) => sum + (/[\u2e80-\ua4cf\uff00-\uff60]/.test(sign) ? 2 : 1),
    0,
  )
}
