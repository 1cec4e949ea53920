import { expect, test } from 'vitest'
import * as components from '../../../infra/components.ts'

test('the entry exports the components and nothing else', () => {
  expect(Object.keys(components).sort()).toEqual([
    'AppServer',
    'Fleet',
    'FleetNetwork',
    'LoadBalancer',
    'Network',
    'Release',
    'TokenSecret',
    'UploadBucket',
    'Uploader',
  ])
})
