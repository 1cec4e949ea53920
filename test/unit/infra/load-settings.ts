import { RunError } from '@pulumi/pulumi'
import { expect } from 'vitest'
import {
  type ConfigInput,
  loadConfig,
  type StackConfig,
} from '../../../infra/config/stack-config.ts'

/** Returns the configuration with these settings. */
export const load = (values: ConfigInput['values'], region = 'ap-southeast-1'): StackConfig =>
  loadConfig({ values, region })

/** The configuration without any settings. */
export const defaults: StackConfig = {
  region: 'ap-southeast-1',
  architecture: 'x86_64',
  allowedCidrs: ['0.0.0.0/0'],
  sshCidrs: [],
  bandwidth: 5,
  https: false,
  checkUploads: false,
  corsOrigins: [],
  allowedTypes: [],
  largeFiles: false,
  uploadDir: 'upload/',
  expiresSeconds: 600,
  callback: false,
  signatureVersion: 'v4',
  naming: 'unique',
  generalForm: false,
  credentials: 'access-key',
  signaturesPerMinute: 12_000,
  tags: {},
  readyMinutes: 10,
}

/** Returns the lines of the error for these settings; none when they are valid. */
export function problems(
  values: ConfigInput['values'],
  other: Partial<ConfigInput> = {},
): string[] {
  try {
    loadConfig({ values, region: 'ap-southeast-1', ...other })
  } catch (error) {
    expect(error).toBeInstanceOf(RunError)
    const [first, ...lines] = (error as Error).message.split('\n')
    expect(first).toBe("The stack's configuration cannot be used:")
    expect(lines.every((line) => line.startsWith('  '))).toBe(true)
    return lines.map((line) => line.slice(2))
  }
  return []
}
