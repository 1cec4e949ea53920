/** Kinds of cloud disk that a system disk may be. */
export type DiskCategory =
  | 'cloud_efficiency'
  | 'cloud_ssd'
  | 'cloud_essd'
  | 'cloud_auto'
  | 'cloud_essd_entry'

/** What a processor runs: images name the same. */
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

interface Family {
  id: string
  architecture: Architecture
  systemDiskCategories: readonly DiskCategory[]
  burstable?: boolean
  /** Name after the family, cores, GiB, US dollars an hour. */
  sizes: readonly (readonly [name: string, cores: number, memory: number, price: number])[]
}

const CURRENT: readonly DiskCategory[] = ['cloud_essd', 'cloud_auto']

/**
 * Which system disks a family takes: ESSD Entry disks go with `e` and `u1` only, older burstable
 * types take the disks before ESSD, newer families take nothing older than ESSD.
 */
const FAMILIES: readonly Family[] = [
  {
    id: 'ecs.t5',
    architecture: 'x86_64',
    systemDiskCategories: ['cloud_efficiency', 'cloud_ssd'],
    burstable: true,
    sizes: [
      ['lc2m1.nano', 1, 0.5, 0.0053],
      ['lc1m1.small', 1, 1, 0.0084],
      ['lc1m2.small', 1, 2, 0.0163],
    ],
  },
  {
    id: 'ecs.t6',
    architecture: 'x86_64',
    systemDiskCategories: ['cloud_efficiency', 'cloud_ssd', 'cloud_essd'],
    burstable: true,
    sizes: [
      ['c4m1.large', 2, 0.5, 0.0058],
      ['c2m1.large', 2, 1, 0.0115],
      ['c1m1.large', 2, 2, 0.0229],
      ['c1m2.large', 2, 4, 0.0377],
    ],
  },
  {
    id: 'ecs.e',
    architecture: 'x86_64',
    systemDiskCategories: ['cloud_essd_entry'],
    sizes: [
      ['c1m1.large', 2, 2, 0.0181],
      ['c1m2.large', 2, 4, 0.0258],
      ['c1m4.large', 2, 8, 0.0402],
      ['c1m2.xlarge', 4, 8, 0.0516],
    ],
  },
  {
    id: 'ecs.u1',
    architecture: 'x86_64',
    systemDiskCategories: ['cloud_essd', 'cloud_auto', 'cloud_essd_entry'],
    sizes: [
      ['c1m1.large', 2, 2, 0.0452],
      ['c1m2.large', 2, 4, 0.0597],
      ['c1m4.large', 2, 8, 0.0798],
      ['c1m2.xlarge', 4, 8, 0.1194],
    ],
  },
  {
    id: 'ecs.c7',
    architecture: 'x86_64',
    systemDiskCategories: CURRENT,
    sizes: [
      ['large', 2, 4, 0.0804],
      ['xlarge', 4, 8, 0.1607],
    ],
  },
  {
    id: 'ecs.g7',
    architecture: 'x86_64',
    systemDiskCategories: CURRENT,
    sizes: [
      ['large', 2, 8, 0.1048],
      ['xlarge', 4, 16, 0.2096],
    ],
  },
  {
    id: 'ecs.c8y',
    architecture: 'arm64',
    systemDiskCategories: CURRENT,
    sizes: [
      ['small', 1, 2, 0.0268],
      ['large', 2, 4, 0.0536],
      ['xlarge', 4, 8, 0.1072],
    ],
  },
  {
    id: 'ecs.g8y',
    architecture: 'arm64',
    systemDiskCategories: CURRENT,
    sizes: [
      ['small', 1, 4, 0.0345],
      ['large', 2, 8, 0.0689],
      ['xlarge', 4, 16, 0.1378],
    ],
  },
]

/** Families whose types are named with a dash, e.g. `ecs.t6-c1m1.large`. */
const DASHED = new Set(['ecs.t5', 'ecs.t6', 'ecs.e', 'ecs.u1'])

/** Every type there is; whether a zone sells it is the catalogue's matter. */
export const INSTANCE_TYPES: readonly InstanceType[] = FAMILIES.flatMap((family) =>
  family.sizes.map(([name, cpuCores, memory, hourlyPrice]) => ({
    id: `${family.id}${DASHED.has(family.id) ? '-' : '.'}${name}`,
    family: family.id,
    architecture: family.architecture,
    cpuCores,
    memory,
    hourlyPrice,
    systemDiskCategories: family.systemDiskCategories,
    burstable: family.burstable ?? false,
  })),
)
