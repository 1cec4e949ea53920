import { type AllowedTypes, hasOnlyExtensions, mediaTypeEssence } from '@oss-direct-upload/contract'
import { lookup } from 'mime-types'
import type { UploadRequest } from '../signing-options.ts'

const UNKNOWN = 'application/octet-stream'

/**
 * Returns the type that an allowed file is stored with: the essence of its own type. Where only
 * extensions are allowed, it is the type that is registered for the extension, whatever type the
 * client declares.
 */
export function storedType({ name, type }: UploadRequest, allowed: AllowedTypes): string {
  if (hasOnlyExtensions(allowed)) return lookup(name.slice(name.lastIndexOf('.'))) || UNKNOWN
  return mediaTypeEssence(type, name) ?? UNKNOWN
}
