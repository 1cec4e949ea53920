/** Limits of a multipart upload ("UploadPart" and "Limits", Alibaba Cloud OSS documentation). */
export const MULTIPART_LIMITS = {
  /** Bytes of the smallest part; the last one may be smaller. */
  smallestPart: 100 * 1024,
  /** Bytes of the largest part. */
  largestPart: 5 * 1024 ** 3,
  /** Parts of one upload. */
  parts: 10_000,
  /** Bytes of the largest object: ten thousand of the largest parts. */
  objectBytes: 10_000 * 5 * 1024 ** 3,
} as const

const STEP = 1024 * 1024

/**
 * Returns the bytes of every part but the last: the preferred size, or the smallest number of whole
 * MiB that keeps a file within ten thousand parts.
 */
export function partSizeFor(size: number, preferred: number): number {
  const least = Math.ceil(size / MULTIPART_LIMITS.parts)
  return least <= preferred ? preferred : Math.ceil(least / STEP) * STEP
}

/** Returns the number of parts of a file. */
export function partCount(size: number, partSize: number): number {
  return Math.ceil(size / partSize)
}

/**
 * Returns the bytes of one part.
 *
 * @param partNumber Starting at 1
 */
export function partLength(size: number, partSize: number, partNumber: number): number {
  return Math.min(partSize, size - (partNumber - 1) * partSize)
}
