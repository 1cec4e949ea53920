import { expect, test } from 'vitest'
import * as components from '../../../infra/components.ts'

test('a program of its own imports the components and nothing else', () => {
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
