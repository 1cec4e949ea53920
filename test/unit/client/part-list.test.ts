import { describe, expect, test } from 'vitest'
import {
  completeDocument,
  parsePartList,
} from '../../../app/client/uploader/multipart/part-list.ts'
import { elementText } from '../../../app/client/uploader/xml.ts'

describe('OSS’s multipart documents', () => {
  test('a list of parts and its next marker', () => {
    const xml =
      '<ListPartsResult><NextPartNumberMarker>2</NextPartNumberMarker>' +
      '<IsTruncated>true</IsTruncated>' +
      '<Part><PartNumber>1</PartNumber><ETag>&quot;A&quot;</ETag>' +
      '<HashCrc64ecma>9</HashCrc64ecma><Size>10</Size></Part>' +
      '<Part><PartNumber>2</PartNumber><ETag>"B"</ETag><Size>3</Size></Part></ListPartsResult>'
    expect(parsePartList(xml)).toEqual({
      parts: [
        { partNumber: 1, etag: '"A"', crc64: '9', size: 10 },
        { partNumber: 2, etag: '"B"', crc64: '', size: 3 },
      ],
      next: '2',
    })
    expect(parsePartList(xml.replace('true', 'false')).next).toBeUndefined()
    expect(elementText(xml, 'UploadId')).toBe('')
  })

  test('the body that completes an upload', () => {
    expect(completeDocument([{ partNumber: 3, etag: '"A"', crc64: '9', size: 1 }])).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>3</PartNumber><ETag>"A"</ETag></Part></CompleteMultipartUpload>',
    )
  })
})
