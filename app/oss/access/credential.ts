import { type ErrorKind, OssError } from '../errors/oss-error.ts'

/** What a V4 credential says. */
export interface Credential {
  accessKeyId: string
  /** `YYYYMMDD`. */
  day: string
}

/**
 * Parses `ID/YYYYMMDD/REGION/oss/aliyun_v4_request`.
 *
 * @param region Of the service, without the `oss-` prefix
 * @param errors What to throw for a malformed credential, another ending and another region
 * @throws OssError
 */
export function parseCredential(
  credential: string,
  region: string,
  errors: { malformed: ErrorKind; ending: ErrorKind; region: ErrorKind },
): Credential {
  const [accessKeyId = '', day = '', scope, product, ending, ...rest] = credential.split('/')
  if (accessKeyId === '' || !/^\d{8}$/.test(day) || product !== 'oss' || rest.length > 0) {
    throw new OssError(errors.malformed)
  }
  if (ending !== 'aliyun_v4_request') throw new OssError(errors.ending)
  if (scope !== region) throw new OssError(errors.region)
  return { accessKeyId, day }
}
