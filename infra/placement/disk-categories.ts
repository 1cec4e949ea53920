/** Kinds of system disk to choose from, the cheapest first. */
export const DISK_CATEGORIES = [
  'cloud_essd_entry',
  'cloud_efficiency',
  'cloud_auto',
  'cloud_essd',
] as const

/** Those of them that Auto Scaling accepts. Source: "CreateScalingConfiguration", ESS documentation. */
export const FLEET_DISK_CATEGORIES = ['cloud_efficiency', 'cloud_essd'] as const

/** A kind of system disk. */
export type DiskCategory = (typeof DISK_CATEGORIES)[number]
