import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { linkPackages } from '../../link-packages.ts'
import { findToolchain } from '../toolchain/toolchain.ts'
import { type PulumiResult, runPulumi } from './run-pulumi.ts'

const ROOT = new URL('../../../', import.meta.url)
/** Everything in a clone that the program needs. */
const PARTS = ['Pulumi.yaml', 'package.json', 'package-lock.json', 'tsconfig.json', 'infra', 'app']

/** Of the state, which stays on this machine. */
export const PASSPHRASE = 'of the test'

export interface StackProjectOptions {
  /** Environment variables for the engine and its plugins: the cloud's address, and credentials. */
  environment: Readonly<Record<string, string>>
  /** Plain configuration of the stack; keys without a namespace are the project's. @default none */
  config?: Readonly<Record<string, unknown>>
  /** Secret configuration. @default none */
  secrets?: Readonly<Record<string, string>>
  /** Puts a program into the project's folder. @default a copy of this project */
  program?: (folder: string) => Promise<void>
  /** Name of the stack. @default 'dev' */
  stack?: string
  /** Whether to use the Pulumi CLI in the PATH and the plugins that it installs. @default false */
  usesInstalledEngine?: boolean
}

/** Copies everything that the program needs, and links the installed packages. */
async function copyProject(folder: string): Promise<void> {
  for (const part of PARTS) {
    const from = fileURLToPath(new URL(part, ROOT))
    await cp(from, join(folder, part), {
      recursive: true,
      filter: (path) => !/[/\\]dist([/\\]|$)/.test(path.slice(from.length)),
    })
  }
  await linkPackages(folder)
}

interface Engine {
  pulumi: string
  /** Folders to prepend to the PATH. */
  path: readonly string[]
  env: Readonly<Record<string, string>>
}

const INSTALLED_ENGINE: Engine = { pulumi: 'pulumi', path: [], env: {} }

/** @param home Folder to prepare as `PULUMI_HOME` @throws ToolchainError */
async function builtEngine(home: string): Promise<Engine> {
  const { pulumi, path, prepareHome } = await findToolchain(() => {})
  await prepareHome(home)
  const env = { PULUMI_HOME: home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' }
  return { pulumi, path, env }
}

/** A copy of the project in a temporary folder, with a stack whose state is stored in files. */
export class StackProject {
  readonly folder: string
  readonly #pulumi: string
  readonly #env: Record<string, string>
  readonly #stack: string
  readonly #end = new AbortController()

  private constructor(folder: string, stack: string, pulumi: string, env: Record<string, string>) {
    this.folder = folder
    this.#stack = stack
    this.#pulumi = pulumi
    this.#env = env
  }

  /** Copies the project and makes the stack. @throws ToolchainError */
  static async create(options: StackProjectOptions): Promise<StackProject> {
    const { stack = 'dev', usesInstalledEngine = false } = options
    const base = await mkdtemp(join(tmpdir(), 'oss-direct-upload-stack-'))
    const folder = join(base, 'project')
    await mkdir(folder)
    await (options.program ?? copyProject)(folder)
    const modules = fileURLToPath(new URL('node_modules', ROOT))
    const engine = usesInstalledEngine ? INSTALLED_ENGINE : await builtEngine(join(base, 'home'))
    const backend = join(base, 'state')
    await mkdir(backend)
    const project = new StackProject(folder, stack, engine.pulumi, {
      PATH: [join(modules, '.bin'), ...engine.path, process.env.PATH ?? ''].join(delimiter),
      // With npm's settings and cache.
      HOME: homedir(),
      ...engine.env,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: '1',
      ...options.environment,
    })
    await project.#runOrThrow(['stack', 'init', stack])
    await project.configure(options.config ?? {}, options.secrets)
    return project
  }

  /** Adds to the stack's configuration. */
  async configure(
    config: Readonly<Record<string, unknown>>,
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    for (const [key, value] of Object.entries(secrets)) {
      await this.#runOrThrow(['config', 'set', '--secret', key, '--', value])
    }
    if (Object.keys(config).length === 0) return
    const file = join(this.folder, `Pulumi.${this.#stack}.yaml`)
    const settings = (parse(await readFile(file, 'utf8')) ?? {}) as {
      config?: Record<string, unknown>
    }
    for (const [key, value] of Object.entries(config)) {
      const name = key.includes(':') ? key : `oss-direct-upload:${key}`
      settings.config = { ...settings.config, [name]: value }
    }
    await writeFile(file, stringify(settings))
  }

  /** Changes a file of the project's copy. */
  async edit(path: string, change: (text: string) => string): Promise<void> {
    const file = join(this.folder, path)
    const before = await readFile(file, 'utf8')
    const after = change(before)
    if (after === before) throw new Error(`${path} has not changed`)
    await writeFile(file, after)
  }

  up(...args: string[]): Promise<PulumiResult> {
    return this.run(['up', '--yes', '--skip-preview', ...args])
  }

  preview(...args: string[]): Promise<PulumiResult> {
    return this.run(['preview', '--diff', ...args])
  }

  refresh(...args: string[]): Promise<PulumiResult> {
    return this.run(['refresh', '--yes', '--skip-preview', ...args])
  }

  destroy(...args: string[]): Promise<PulumiResult> {
    return this.run(['destroy', '--yes', '--skip-preview', ...args])
  }

  /** Runs a script of package.json that runs the engine, as `npm run` does. */
  async runScript(name: 'up' | 'preview' | 'destroy', ...args: string[]): Promise<PulumiResult> {
    const options = ['--non-interactive', '--color', 'never', '--skip-preview', '--yes', ...args]
    return runPulumi({
      file: 'npm',
      args: ['run', '--silent', name, '--', ...options],
      cwd: this.folder,
      env: this.#env,
      signal: this.#end.signal,
    })
  }

  /** Runs any command. @param interruptAt As in `PulumiCommand` */
  async run(args: readonly string[], interruptAt?: RegExp | AbortSignal): Promise<PulumiResult> {
    const run = await runPulumi({
      file: this.#pulumi,
      args: ['--non-interactive', '--color', 'never', ...args],
      cwd: this.folder,
      env: this.#env,
      signal: this.#end.signal,
      ...(interruptAt ? { interruptAt } : {}),
    })
    console.log(`pulumi ${args[0]}: ${Math.round(run.milliseconds / 1000)} s`)
    return run
  }

  /** Returns the stack's outputs; secrets are `[secret]`. */
  async outputs(): Promise<Record<string, string>> {
    const { output } = await this.#runOrThrow(['stack', 'output', '--json'])
    return JSON.parse(output) as Record<string, string>
  }

  /** Returns the whole state, with secrets encrypted. */
  async state(): Promise<string> {
    return (await this.#runOrThrow(['stack', 'export'])).output
  }

  /** Returns the access key that the stack has made for its server. */
  async accessKey(): Promise<{ accessKeyId: string; accessKeySecret: string }> {
    const { output } = await this.#runOrThrow(['stack', 'export', '--show-secrets'])
    const { deployment } = JSON.parse(output) as {
      deployment: { resources: { type: string; id?: string; outputs?: { secret: unknown } }[] }
    }
    const found = deployment.resources.find(
      ({ type }) => type === 'alicloud:ram/accessKey:AccessKey',
    )
    const { plaintext } = (found?.outputs?.secret ?? {}) as { plaintext?: string }
    if (!found?.id || plaintext === undefined) throw new Error('The stack has no access key')
    return { accessKeyId: found.id, accessKeySecret: JSON.parse(plaintext) as string }
  }

  /** Ends running commands and removes the folder; deployed resources stay. */
  async remove(): Promise<void> {
    this.#end.abort()
    await rm(join(this.folder, '..'), { recursive: true, force: true })
  }

  async #runOrThrow(args: readonly string[]): Promise<PulumiResult> {
    const run = await this.run(args)
    if (run.code !== 0) throw new Error(`pulumi ${args.slice(0, 2).join(' ')}: ${run.output}`)
    return run
  }
}
