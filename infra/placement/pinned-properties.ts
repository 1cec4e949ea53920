import type { DiskCategory } from './disk-categories.ts'

/** A property of a server that stays as it is on an existing one, although another value is chosen. */
export type PinnedProperty = 'imageId' | 'instanceType' | 'systemDiskCategory'

/** The same for the instances of a fleet. */
export type PinnedFleetProperty = 'imageId' | 'instanceTypes' | 'systemDiskCategory'

interface MachineSettings {
  instanceType?: string | undefined
  systemDiskCategory?: DiskCategory | undefined
}

/**
 * Returns the properties that are chosen from what is in stock, because the settings leave them open.
 * An existing server keeps them when the stock changes.
 */
export function pinnedProperties(settings: MachineSettings): PinnedProperty[] {
  return [
    'imageId',
    ...(settings.instanceType === undefined ? (['instanceType'] as const) : []),
    ...(settings.systemDiskCategory === undefined ? (['systemDiskCategory'] as const) : []),
  ]
}

/** Returns the same for a fleet. */
export function pinnedFleetProperties(settings: MachineSettings): PinnedFleetProperty[] {
  return pinnedProperties(settings).map((name) =>
    name === 'instanceType' ? 'instanceTypes' : name,
  )
}
