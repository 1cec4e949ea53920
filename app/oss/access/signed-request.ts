/** The parts of a request that a signature covers. */
export interface SignedRequest {
  method: string
  /** Names in any case; a name may repeat. */
  headers: readonly (readonly [name: string, value: string])[]
  /** Decoded. */
  query: readonly (readonly [name: string, value: string])[]
  /** Absent for a request to the service. */
  bucket?: string
  /** Decoded; empty for a request to the bucket. */
  key?: string
}

/** Returns the first value of a header. @param name Lower case */
export function signedHeader(request: SignedRequest, name: string): string | undefined {
  return request.headers.find(([other]) => other.toLowerCase() === name)?.[1]
}
