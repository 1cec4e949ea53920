import type { Architecture } from './instance-types.ts'

/** A public system image. */
export interface Image {
  /** E.g. `debian_13_6_x64_20G_alibase_20261110.vhd`; the name is the same. */
  id: string
  /** E.g. `acs:debian_13_6_x64`. */
  family: string
  architecture: Architecture
  /** E.g. `Debian`. */
  platform: string
  osNameEnglish: string
  osName: string
  /** GiB: no smaller system disk can hold it. */
  size: number
  /** Milliseconds since 1970. */
  createdAt: number
}

/** What a line of images has in common; each date gives one image. */
export interface ImageLine {
  /** The id's beginning, e.g. `debian_13_6`. */
  base: string
  platform: string
  /** E.g. `Debian  13.6`, without the word size that the API appends. */
  title: string
  architectures: readonly Architecture[]
  /** `YYYYMMDD`. */
  dates: readonly string[]
}

const BOTH: readonly Architecture[] = ['x86_64', 'arm64']

/**
 * Lines as public templates that pin image ids name them. The minor version is part of a Debian
 * image's name, and old dates stay on offer beside new ones.
 */
export const IMAGE_LINES: readonly ImageLine[] = [
  {
    base: 'debian_13_6',
    platform: 'Debian',
    title: 'Debian  13.6',
    architectures: BOTH,
    dates: ['20260918', '20261022', '20261110'],
  },
  {
    base: 'debian_13_5',
    platform: 'Debian',
    title: 'Debian  13.5',
    architectures: BOTH,
    dates: ['20260612', '20260720'],
  },
  {
    base: 'debian_12_15',
    platform: 'Debian',
    title: 'Debian  12.15',
    architectures: BOTH,
    dates: ['20260918', '20261022', '20261112'],
  },
  {
    base: 'debian_11_11',
    platform: 'Debian',
    title: 'Debian  11.11',
    architectures: ['x86_64'],
    dates: ['20250630', '20260302'],
  },
  {
    base: 'ubuntu_26_04',
    platform: 'Ubuntu',
    title: 'Ubuntu  26.04',
    architectures: BOTH,
    dates: ['20260520', '20260818', '20261020'],
  },
  {
    base: 'ubuntu_24_04',
    platform: 'Ubuntu',
    title: 'Ubuntu  24.04',
    architectures: BOTH,
    dates: ['20260520', '20260818', '20261020'],
  },
  {
    base: 'ubuntu_22_04',
    platform: 'Ubuntu',
    title: 'Ubuntu  22.04',
    architectures: BOTH,
    dates: ['20260520', '20260818', '20261020'],
  },
  {
    base: 'aliyun_4',
    platform: 'Aliyun',
    title: 'Alibaba Cloud Linux  4',
    architectures: BOTH,
    dates: ['20260415', '20260730', '20261105'],
  },
  {
    base: 'aliyun_3',
    platform: 'Aliyun',
    title: 'Alibaba Cloud Linux  3.2104 LTS',
    architectures: BOTH,
    dates: ['20260415', '20260730', '20261105'],
  },
  {
    base: 'almalinux_9_6',
    platform: 'AlmaLinux',
    title: 'AlmaLinux  9.6',
    architectures: ['x86_64'],
    dates: ['20260301', '20260708'],
  },
  {
    base: 'rockylinux_9_6',
    platform: 'Rocky Linux',
    title: 'Rocky Linux  9.6',
    architectures: BOTH,
    dates: ['20260301', '20260708'],
  },
  {
    base: 'centos_stream_9',
    platform: 'CentOS Stream',
    title: 'CentOS Stream  9',
    architectures: BOTH,
    dates: ['20260301', '20260708'],
  },
]

/** The images of a line, one for each architecture and date. */
export function imagesOf(line: ImageLine): Image[] {
  return line.architectures.flatMap((architecture) =>
    line.dates.map((date) => {
      const suffix = architecture === 'arm64' ? 'arm64' : 'x64'
      return {
        id: `${line.base}_${suffix}_20G_alibase_${date}.vhd`,
        family: `acs:${line.base}_${suffix}`,
        architecture,
        platform: line.platform,
        osNameEnglish: `${line.title} 64 bit${architecture === 'arm64' ? ' for ARM' : ''}`,
        osName: `${line.title} 64位${architecture === 'arm64' ? ' ARM版' : ''}`,
        size: 20,
        createdAt: Date.UTC(
          Number(date.slice(0, 4)),
          Number(date.slice(4, 6)) - 1,
          Number(date.slice(6)),
          6,
          30,
        ),
      }
    }),
  )
}
