import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import { AppendError, ObjectExistsError, type ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import type { StagedFile } from '../store/staged-file.ts'
import { reportObject, requestAttributes, stageBody } from './put-object.ts'
import { checkHasLength } from './request-body.ts'

/** `POST /key?append&position=N`. Source: "AppendObject", Alibaba Cloud OSS documentation. */
export async function appendObject(call: Call, bucket: Bucket): Promise<Reply> {
  checkHasLength(call)
  const text = call.query.get('position') ?? ''
  if (!/^\d{1,15}$/.test(text)) {
    const details = { ArgumentName: 'position', ArgumentValue: text }
    throw new OssError('positionInvalid', { details })
  }
  const attributes = requestAttributes(call, bucket)
  const staged = await stageBody(call, bucket)
  try {
    const meta = await append(call, bucket, staged, Number(text), attributes)
    reportObject(call, meta, 'AppendObject')
    return {
      status: 200,
      headers: {
        ETag: `"${meta.etag}"`,
        'x-oss-hash-crc64ecma': meta.crc64,
        'x-oss-next-append-position': String(meta.size),
      },
    }
  } finally {
    await staged.discard()
  }
}

async function append(
  call: Call,
  bucket: Bucket,
  staged: StagedFile,
  position: number,
  attributes: ReturnType<typeof requestAttributes>,
): Promise<ObjectMeta> {
  try {
    return await bucket.objects.append(call.key, staged, position, { ...attributes, now: call.now })
  } catch (error) {
    if (!(error instanceof AppendError || error instanceof ObjectExistsError)) throw error
    const meta = error instanceof AppendError ? error.meta : await bucket.objects.head(call.key)
    if (meta && meta.type !== 'Appendable') throw new OssError('objectNotAppendable')
    const headers = { 'x-oss-next-append-position': String(meta?.size ?? 0) }
    throw new OssError('appendPositionWrong', { headers })
  }
}
