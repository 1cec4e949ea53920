import type { Image } from '../catalogue/images.ts'
import type { DiskCategory, InstanceType } from '../catalogue/instance-types.ts'
import { wholeNumber } from '../parameter-values.ts'
import { refuse } from './refusals.ts'

/** Parameters of a new instance's system disk. */
export const SYSTEM_DISK_PARAMETERS = [
  'SystemDisk.Category?',
  'SystemDisk.Size?',
  'SystemDisk.PerformanceLevel?',
  'SystemDisk.DiskName?',
  'SystemDisk.Description?',
  'SystemDisk.Encrypted?',
]

/** Default size in GiB, unless the image is larger. */
const DEFAULT_SIZE = 40

/** The default, whether or not the type supports it. */
const DEFAULT_CATEGORY = 'cloud_efficiency'

/** The smallest cloud_essd of each performance level, GiB. */
const SMALLEST_ESSD: Readonly<Record<string, number>> = { PL0: 1, PL1: 20, PL2: 461, PL3: 1261 }

/** The largest system disk, GiB. */
const LARGEST = 2048

/** @throws ActionError InvalidSystemDiskCategory.ValueNotSupported */
export function checkDiskCategory(text: string | undefined, type: InstanceType): DiskCategory {
  const category = type.systemDiskCategories.find((name) => name === (text ?? DEFAULT_CATEGORY))
  if (!category) throw refuse('InvalidSystemDiskCategory.ValueNotSupported')
  return category
}

/**
 * Reads the performance level: PL0 to PL3 for cloud_essd, PL1 by default, empty for others.
 *
 * @throws ActionError InvalidPerformanceLevel.Malformed
 */
export function checkPerformanceLevel(text: string | undefined, category: DiskCategory): string {
  if (category !== 'cloud_essd') {
    if (text) throw refuse('InvalidPerformanceLevel.Malformed')
    return ''
  }
  const level = text ?? 'PL1'
  if (SMALLEST_ESSD[level] === undefined) throw refuse('InvalidPerformanceLevel.Malformed')
  return level
}

/** @throws ActionError InvalidSystemDiskSize.… */
export function checkDiskSize(
  text: string | undefined,
  category: DiskCategory,
  performanceLevel: string,
  image: Image,
): number {
  const size = text === undefined ? Math.max(DEFAULT_SIZE, image.size) : wholeNumber(text)
  if (size === undefined) throw refuse('InvalidSystemDiskSize.ValueNotSupported')
  if (size > LARGEST) throw refuse('InvalidSystemDiskSize.MoreThanMaxSize')
  const smallest =
    category === 'cloud_essd'
      ? (SMALLEST_ESSD[performanceLevel] ?? 20)
      : category === 'cloud_auto'
        ? 1
        : category === 'cloud_essd_entry'
          ? 10
          : 20
  if (size < smallest) throw refuse('InvalidSystemDiskSize.LessThanMinSize')
  if (size < image.size) throw refuse('InvalidSystemDiskSize.LessThanImageSize')
  return size
}
