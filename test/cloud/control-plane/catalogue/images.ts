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
  /** Smallest system disk, GiB. */
  size: number
  /** Milliseconds since 1970. */
  createdAt: number
}

/** Images that differ in date and architecture. */
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

function line(
  base: string,
  platform: string,
  version: string,
  architectures: readonly Architecture[],
  ...dates: string[]
): ImageLine {
  return { base, platform, title: `${platform}  ${version}`, architectures, dates }
}

/**
 * Names from public templates that pin image ids. The minor version is part of a Debian
 * image's name, and old dates stay available beside new ones.
 */
export const IMAGE_LINES: readonly ImageLine[] = [
  line('debian_13_6', 'Debian', '13.6', BOTH, '20260918', '20261022', '20261110'),
  line('debian_13_5', 'Debian', '13.5', BOTH, '20260612', '20260720'),
  line('debian_12_15', 'Debian', '12.15', BOTH, '20260918', '20261022', '20261112'),
  line('debian_11_11', 'Debian', '11.11', ['x86_64'], '20250630', '20260302'),
  line('ubuntu_26_04', 'Ubuntu', '26.04', BOTH, '20260520', '20260818', '20261020'),
  line('ubuntu_24_04', 'Ubuntu', '24.04', BOTH, '20260520', '20260818', '20261020'),
  line('ubuntu_22_04', 'Ubuntu', '22.04', BOTH, '20260520', '20260818', '20261020'),
  {
    ...line('aliyun_4', 'Aliyun', '4', BOTH, '20260415', '20260730', '20261105'),
    title: 'Alibaba Cloud Linux  4',
  },
  {
    ...line('aliyun_3', 'Aliyun', '3', BOTH, '20260415', '20260730', '20261105'),
    title: 'Alibaba Cloud Linux  3.2104 LTS',
  },
  line('almalinux_9_6', 'AlmaLinux', '9.6', ['x86_64'], '20260301', '20260708'),
  line('rockylinux_9_6', 'Rocky Linux', '9.6', BOTH, '20260301', '20260708'),
  line('centos_stream_9', 'CentOS Stream', '9', BOTH, '20260301', '20260708'),
]

/** Returns the images of a line, one for each architecture and date. */
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
