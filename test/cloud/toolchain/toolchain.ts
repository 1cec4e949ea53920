import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { goProgram } from './go-program.ts'

const ENGINE = 'v3.259.0'

/** The programs that deploy a stack. */
export interface Toolchain {
  /** Path of the engine's command line. */
  pulumi: string
  /** Folders to prepend to the PATH. */
  path: readonly string[]
  /** Path of the provider plugin. */
  plugin: string
  /** Prepares a folder as `PULUMI_HOME` with the provider plugin. */
  prepareHome(home: string): Promise<void>
}

/**
 * Finds engine, Node language host and provider, and builds those that are not installed.
 *
 * @param report Receives progress messages
 * @throws ToolchainError when one cannot be built
 */
export async function findToolchain(report: (line: string) => void): Promise<Toolchain> {
  const version = await providerVersion()
  const installed = await installedEngine()
  const pulumi = installed ?? (await goProgram(engine, report))
  const hosts = installed ? [] : [dirname(await goProgram(languageHost, report))]
  const plugin = installedPlugin(version) ?? (await goProgram(provider(version), report))
  return {
    pulumi,
    path: [dirname(pulumi), ...hosts],
    plugin,
    async prepareHome(home) {
      const folder = join(home, 'plugins', `resource-alicloud-v${version}`)
      await mkdir(folder, { recursive: true })
      const file = join(folder, 'pulumi-resource-alicloud')
      if (!existsSync(file)) await symlink(plugin, file)
    },
  }
}

const engine = {
  title: 'the Pulumi engine',
  name: 'pulumi',
  folder: 'engine',
  package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
  variables: { 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': ENGINE },
} as const

const languageHost = {
  title: "Pulumi's Node language host",
  name: 'pulumi-language-nodejs',
  folder: 'language-host',
  package: 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs',
  // Runs dynamic resources.
  script: {
    module: 'github.com/pulumi/pulumi/sdk/v3',
    path: 'nodejs/dist/pulumi-resource-pulumi-nodejs',
  },
} as const

const provider = (version: string) =>
  ({
    title: 'the Alibaba Cloud provider',
    name: 'pulumi-resource-alicloud',
    folder: 'provider',
    package: '.',
    variables: { 'main.version': version },
  }) as const

/** Version of the npm package, of which the engine requires the same plugin. */
async function providerVersion(): Promise<string> {
  const url = new URL('../../../node_modules/@pulumi/alicloud/package.json', import.meta.url)
  return (JSON.parse(await readFile(url, 'utf8')) as { version: string }).version
}

async function installedEngine(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'pulumi')
    const host = join(folder, 'pulumi-language-nodejs')
    if (folder === '' || !existsSync(file) || !existsSync(host)) continue
    const { stdout } = await promisify(execFile)(file, ['version'])
    if (isRecentEnough(stdout.trim())) return file
  }
  return undefined
}

function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const [, wanted = 0] = ENGINE.replace(/^v/, '').split('.').map(Number)
  return major > 3 || (major === 3 && minor >= wanted)
}

function installedPlugin(version: string): string | undefined {
  const home = process.env.PULUMI_HOME || join(homedir(), '.pulumi')
  const file = join(home, 'plugins', `resource-alicloud-v${version}`, 'pulumi-resource-alicloud')
  return existsSync(file) ? file : undefined
}
