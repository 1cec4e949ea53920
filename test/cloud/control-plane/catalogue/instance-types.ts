/** Disk categories of system disks. */
export type DiskCategory =
  | 'cloud_efficiency'
  | 'cloud_ssd'
  | 'cloud_essd'
  | 'cloud_auto'
  | 'cloud_essd_entry'

/** Of a processor and of the images that it runs. */
export type Architecture = 'x86_64' | 'arm64'

/** A size of virtual machine. */
export interface InstanceType {
  /** E.g. `ecs.e-c1m2.large`. */
  id: string
  family: string
  architecture: Architecture
  cpuCores: number
  /** GiB. */
  memory: number
  /** US dollars an hour, pay-as-you-go, near the list price. */
  hourlyPrice: number
  systemDiskCategories: readonly DiskCategory[]
  /** Whether it earns CPU credits. */
  burstable: boolean
}

/** Name behind the family, cores, GiB, US dollars an hour. */
type Size = readonly [name: string, cores: number, memory: number, price: number]

/**
 * System disks of economy families, which are named with a dash, e.g. `ecs.t6-c1m1.large`: ESSD
 * Entry goes with `e` and `u1` only, and older burstable types take the disks before ESSD.
 */
const ECONOMY: Readonly<Record<string, readonly DiskCategory[]>> = {
  t5: ['cloud_efficiency', 'cloud_ssd'],
  t6: ['cloud_efficiency', 'cloud_ssd', 'cloud_essd'],
  e: ['cloud_essd_entry', 'cloud_essd'],
  u1: ['cloud_essd', 'cloud_auto', 'cloud_essd_entry'],
}

function family(name: string, ...sizes: Size[]): InstanceType[] {
  const economyDisks = ECONOMY[name]
  return sizes.map(([size, cpuCores, memory, hourlyPrice]) => ({
    id: `ecs.${name}${economyDisks ? '-' : '.'}${size}`,
    family: `ecs.${name}`,
    architecture: name.endsWith('y') ? 'arm64' : 'x86_64',
    cpuCores,
    memory,
    hourlyPrice,
    systemDiskCategories: economyDisks ?? ['cloud_essd', 'cloud_auto'],
    burstable: name.startsWith('t'),
  }))
}

/** Every instance type; `zone-offers.ts` says which zones sell it. */
export const INSTANCE_TYPES: readonly InstanceType[] = [
  ...family(
    't5',
    ['lc2m1.nano', 1, 0.5, 0.0053],
    ['lc1m1.small', 1, 1, 0.0084],
    ['lc1m2.small', 1, 2, 0.0163],
  ),
  ...family(
    't6',
    ['c4m1.large', 2, 0.5, 0.0058],
    ['c2m1.large', 2, 1, 0.0115],
    ['c1m1.large', 2, 2, 0.0229],
    ['c1m2.large', 2, 4, 0.0377],
  ),
  ...family(
    'e',
    ['c1m1.large', 2, 2, 0.0181],
    ['c1m2.large', 2, 4, 0.0258],
    ['c1m4.large', 2, 8, 0.0402],
    ['c1m2.xlarge', 4, 8, 0.0516],
  ),
  ...family(
    'u1',
    ['c1m1.large', 2, 2, 0.0452],
    ['c1m2.large', 2, 4, 0.0597],
    ['c1m4.large', 2, 8, 0.0798],
    ['c1m2.xlarge', 4, 8, 0.1194],
  ),
  ...family('c7', ['large', 2, 4, 0.0804], ['xlarge', 4, 8, 0.1607]),
  ...family('g7', ['large', 2, 8, 0.1048], ['xlarge', 4, 16, 0.2096]),
  ...family('c8y', ['small', 1, 2, 0.0268], ['large', 2, 4, 0.0536], ['xlarge', 4, 8, 0.1072]),
  ...family('g8y', ['small', 1, 4, 0.0345], ['large', 2, 8, 0.0689], ['xlarge', 4, 16, 0.1378]),
]
