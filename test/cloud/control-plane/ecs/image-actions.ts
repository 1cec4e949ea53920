import type { Actions } from '../action.ts'
import type { Image } from '../catalogue/images.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { numberedPages } from '../paging.ts'
import { parameterReaders } from '../parameter-readers.ts'
import { secondText } from '../time-text.ts'
import { refuse } from './refusals.ts'

function describeImage(image: Image): object {
  return {
    ImageId: image.id,
    ImageName: image.id,
    ImageFamily: image.family,
    ImageVersion: '',
    ImageOwnerAlias: 'system',
    ImageOwnerId: 0,
    Description: '',
    Architecture: image.architecture,
    BootMode: image.architecture === 'arm64' ? 'UEFI' : 'BIOS',
    OSName: image.osName,
    OSNameEn: image.osNameEnglish,
    OSType: 'linux',
    Platform: image.platform,
    Size: image.size,
    Status: 'Available',
    Progress: '100%',
    Usage: 'none',
    CreationTime: secondText(image.createdAt),
    IsCopied: false,
    IsPublic: true,
    IsSelfShared: '',
    IsSubscribed: false,
    IsSupportCloudinit: true,
    IsSupportIoOptimized: true,
    LoginAsNonRootSupported: true,
    ProductCode: '',
    ResourceGroupId: '',
    DiskDeviceMappings: { DiskDeviceMapping: [] },
    Features: { NvmeSupport: 'supported' },
    Tags: { Tag: [] },
  }
}

/** Returns the pattern of ImageName, in which `*` stands for any text. */
function namePattern(text: string): RegExp {
  const literal = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`)
}

/** DescribeImages misspells its refusal. */
const readers = parameterReaders(() => refuse('InvalidParamter'))

/** Returns the action that lists public images, newest first; a page past the last is empty. */
export function imageActions(state: ComputeState): Actions {
  return {
    DescribeImages: listAction({
      parameters: [
        'RegionId',
        'ImageId?',
        'ImageName?',
        'ImageOwnerAlias?',
        'Status?',
        'OSType?',
        'Architecture?',
        'InstanceType?',
        'IsSupportCloudinit?',
        'IsSupportIoOptimized?',
      ],
      all({ parameters }) {
        const supported = ['IsSupportCloudinit', 'IsSupportIoOptimized'].every((name) =>
          readers.flag(parameters, name, true),
        )
        const type = state.catalogue.instanceType(parameters.InstanceType ?? '')
        if (parameters.InstanceType && !type) throw refuse('InvalidInstanceType.ValueNotSupported')
        const {
          ImageOwnerAlias: owner = 'system',
          OSType = 'linux',
          Status = 'Available',
        } = parameters
        if (!['system', 'self', 'others', 'marketplace'].includes(owner)) {
          throw refuse('InvalidImageOwnerAlias.ValueNotSupported')
        }
        if (!['linux', 'windows'].includes(OSType)) throw refuse('InvalidOSType')
        if (!['x86_64', 'arm64', 'i386'].includes(parameters.Architecture ?? 'x86_64')) {
          throw refuse('InvalidArchitecture')
        }
        // Every image here is a public, available Linux image.
        const some =
          owner === 'system' && OSType === 'linux' && Status.split(',').includes('Available')
        if (!some || !supported) return []
        const ids = parameters.ImageId?.split(',')
        const name =
          parameters.ImageName === undefined ? undefined : namePattern(parameters.ImageName)
        const architecture = parameters.Architecture ?? type?.architecture
        return state.catalogue
          .images()
          .filter((image) => !ids || ids.includes(image.id))
          .filter((image) => !name || name.test(image.id))
          .filter((image) => architecture === undefined || image.architecture === architecture)
      },
      filters: { ImageFamily: ({ family }) => family },
      paging: numberedPages(readers, 100),
      answer: (images) => ({
        RegionId: state.region,
        Images: { Image: images.map(describeImage) },
      }),
    }),
  }
}
