import type { Action } from '../action.ts'
import type { Image } from '../catalogue/images.ts'
import type { ComputeState } from '../compute-state.ts'
import { secondText, truth, wholeNumber } from '../parameter-values.ts'
import { requireRegion } from './lookup.ts'
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

/** A pattern of ImageName: `*` stands for anything. */
function namePattern(text: string): RegExp {
  const literal = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`)
}

/** Lists public images, newest first, in pages; a page past the last is empty. */
export function describeImages(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeImages',
    parameters: {
      RegionId: 'required',
      ImageId: 'optional',
      ImageName: 'optional',
      ImageFamily: 'optional',
      ImageOwnerAlias: 'optional',
      Status: 'optional',
      OSType: 'optional',
      Architecture: 'optional',
      InstanceType: 'optional',
      IsSupportCloudinit: 'optional',
      IsSupportIoOptimized: 'optional',
      PageNumber: 'optional',
      PageSize: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const region = requireRegion(state, call)
      const pageNumber = wholeNumber(parameters.PageNumber ?? '1') ?? 0
      const pageSize = wholeNumber(parameters.PageSize ?? '10') ?? 0
      if (pageNumber < 1 || pageSize < 1 || pageSize > 100) throw refuse('InvalidParamter')
      for (const name of ['IsSupportCloudinit', 'IsSupportIoOptimized']) {
        const text = parameters[name]
        if (text !== undefined && truth(text) === undefined) throw refuse('InvalidParamter')
      }
      const type = state.catalogue.instanceType(parameters.InstanceType ?? '')
      if (parameters.InstanceType && !type) throw refuse('InvalidInstanceType.ValueNotSupported')
      const owner = parameters.ImageOwnerAlias ?? 'system'
      if (!['system', 'self', 'others', 'marketplace'].includes(owner)) {
        throw refuse('InvalidImageOwnerAlias.ValueNotSupported')
      }
      if (!['linux', 'windows'].includes(parameters.OSType ?? 'linux'))
        throw refuse('InvalidOSType')
      if (!['x86_64', 'arm64', 'i386'].includes(parameters.Architecture ?? 'x86_64')) {
        throw refuse('InvalidArchitecture')
      }
      const ids = parameters.ImageId?.split(',')
      const name =
        parameters.ImageName === undefined ? undefined : namePattern(parameters.ImageName)
      const architecture = parameters.Architecture ?? type?.architecture
      const found = state.catalogue
        .images()
        .filter(() => owner === 'system')
        .filter(() => (parameters.Status ?? 'Available').split(',').includes('Available'))
        .filter(() => (parameters.OSType ?? 'linux') === 'linux')
        .filter(() => (parameters.IsSupportCloudinit ?? 'true').toLowerCase() === 'true')
        .filter(() => (parameters.IsSupportIoOptimized ?? 'true').toLowerCase() === 'true')
        .filter((image) => !ids || ids.includes(image.id))
        .filter((image) => !name || name.test(image.id))
        .filter((image) => !parameters.ImageFamily || image.family === parameters.ImageFamily)
        .filter((image) => architecture === undefined || image.architecture === architecture)
      const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      return {
        RegionId: region,
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: found.length,
        Images: { Image: page.map(describeImage) },
      }
    },
  }
}
