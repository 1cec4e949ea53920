import { expect } from 'vitest'
import type { ReleaseManifest } from '../../../infra/release/manifest.ts'
import { named, type Registration } from './registrations.ts'

export const manifest: ReleaseManifest = {
  bucket: 'shop-release',
  app: { key: 'app/a.tar', sha256: 'a'.repeat(64) },
  runtime: { key: 'runtime/b.tgz', sha256: 'b'.repeat(64) },
  id: '0123456789ab',
}

export const environment = { OSS_BUCKET: 'shop-uploads', OSS_REGION: 'ap-southeast-1' }

/** Expects that the role of `web` can read its release and do these actions on objects of the upload bucket. */
export function expectUploadRights(recorded: readonly Registration[], actions: string[]): void {
  expect(JSON.parse(String(named(recorded, 'web-policy').inputs.policyDocument))).toEqual({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:shop-release/*'] },
      { Effect: 'Allow', Action: actions, Resource: ['acs:oss:*:*:shop-uploads/upload/*'] },
    ],
  })
}
