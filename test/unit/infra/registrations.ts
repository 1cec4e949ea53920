import * as pulumi from '@pulumi/pulumi'
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks.js'

/** A resource as it was registered with the engine. */
export interface Registration {
  type: string
  name: string
  /** Name of the parent; absent for what has the stack itself as one. */
  parent?: string
  /** With every secret as `{ secret: value }`. */
  inputs: Record<string, unknown>
  options: RegisteredOptions
}

/** Options that differ from the default. */
export interface RegisteredOptions {
  ignoreChanges?: string[]
  replaceOnChanges?: string[]
  deleteBeforeReplace?: true
  /** Name of the resource that it goes with. */
  deletedWith?: string
  additionalSecretOutputs?: string[]
  /** Names of those that were given or used. */
  dependsOn?: string[]
}

export interface FakeCloud {
  /** Answers of data sources, by token. @default none */
  calls?: Record<string, (inputs: Record<string, unknown>) => unknown>
  /** What the cloud adds to the inputs, by type. @default an id for each */
  outputs?: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>
  /** @default false */
  preview?: boolean
}

interface RegisterRequest {
  getName(): string
  getType(): string
  getParent(): string
  getIgnorechangesList(): string[]
  getReplaceonchangesList(): string[]
  getDeletebeforereplace(): boolean
  getDeletedwith(): string
  getAdditionalsecretoutputsList(): string[]
  getDependenciesList(): string[]
}

const { registerResource } = MockMonitor.prototype
let current: Registration[] = []
const SECRET = '4dabf18193072939515e22adb298388d'
const STACK_TYPE = 'pulumi:pulumi:Stack'

/**
 * Puts a recorder in the engine's place. Ids are `<name>-id`; they and the outputs are unknown in a
 * preview.
 *
 * @returns What is registered, without the stack itself; complete once `settled`
 */
export async function recordRegistrations(cloud: FakeCloud = {}): Promise<Registration[]> {
  const recorded: Registration[] = []
  const optionsByName = new Map<string, { parent: string; options: RegisteredOptions }>()
  // Mocks do not receive the options; the request contains them.
  MockMonitor.prototype.registerResource = function (request: RegisterRequest, callback) {
    optionsByName.set(request.getName(), {
      parent: request.getParent(),
      options: optionsOf(request),
    })
    return registerResource.call(this, request, callback)
  }
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        if (type === STACK_TYPE) return { id: name, state: {} }
        const known = optionsByName.get(name)
        const parent = parentName(known?.parent ?? '')
        recorded.push({
          type,
          name,
          ...(parent === undefined ? {} : { parent }),
          inputs: marked(inputs) as Record<string, unknown>,
          options: known?.options ?? {},
        })
        const added = cloud.outputs?.[type]?.(inputs) ?? {}
        // The engine says nothing of a preview's ids and outputs.
        return cloud.preview
          ? { id: undefined, state: inputs }
          : { id: `${name}-id`, state: { ...inputs, ...added } }
      },
      call({ token, inputs }) {
        const answer = cloud.calls?.[token]
        if (answer === undefined) throw new Error(`Nothing is known of ${token}`)
        return answer(inputs) as Record<string, unknown>
      },
    },
    'shop',
    'dev',
    cloud.preview ?? false,
  )
  current = recorded
  return recorded
}

/**
 * Waits until everything is registered that was made, and puts the registrations in the order of
 * their names. Nothing more can be made afterwards.
 */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect()
  current.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The registration of that name. @throws Error when there is none */
export function named(recorded: readonly Registration[], name: string): Registration {
  const found = recorded.find((registration) => registration.name === name)
  if (found === undefined) throw new Error(`${name} was not registered`)
  return found
}

/** How an unknown value is recorded. */
export const UNKNOWN = 'unknown'

/** An output as a preview has them of what is yet to be made. */
export function unknown<T>(): pulumi.Output<T> {
  return pulumi.output(pulumi.unknown) as unknown as pulumi.Output<T>
}

/** The value of an output, secrets among them. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise()
}

function optionsOf(request: RegisterRequest): RegisteredOptions {
  const ignoreChanges = request.getIgnorechangesList()
  const replaceOnChanges = request.getReplaceonchangesList()
  const additionalSecretOutputs = request.getAdditionalsecretoutputsList()
  const dependsOn = [...new Set(request.getDependenciesList().map(lastPart))].sort()
  return {
    ...(ignoreChanges.length === 0 ? {} : { ignoreChanges }),
    ...(replaceOnChanges.length === 0 ? {} : { replaceOnChanges }),
    ...(request.getDeletebeforereplace() ? { deleteBeforeReplace: true as const } : {}),
    ...(request.getDeletedwith() ? { deletedWith: lastPart(request.getDeletedwith()) } : {}),
    ...(additionalSecretOutputs.length === 0 ? {} : { additionalSecretOutputs }),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
  }
}

function parentName(urn: string): string | undefined {
  return urn === '' || urn.includes(`::${STACK_TYPE}::`) ? undefined : lastPart(urn)
}

function lastPart(urn: string): string {
  return urn.split('::').at(-1) ?? ''
}

function marked(value: unknown): unknown {
  if (pulumi.isUnknown(value)) return UNKNOWN
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (SECRET in value && 'value' in value) return { secret: marked(value.value) }
  return Object.fromEntries(entries.map(([key, inner]) => [key, marked(inner)]))
}
