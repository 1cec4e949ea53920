import { secret } from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import { loadConfig, type StackConfig } from '../../../infra/config/stack-config.ts'
import { warnings } from '../../../infra/config/warnings.ts'

const config = (region: string, changes: Partial<StackConfig> = {}): StackConfig => ({
  ...loadConfig({ values: {}, region }),
  ...changes,
})

test.each(['ap-southeast-1', 'cn-hongkong', 'eu-central-1'])('%s needs no warning', (region) => {
  expect(warnings(config(region))).toEqual([])
})

test('a mainland region needs a custom domain', () => {
  expect(warnings(config('cn-hangzhou'))).toEqual([
    'cn-hangzhou lies in the Chinese mainland, where OSS serves uploads of newer accounts through a custom domain only: bind one to the bucket and set uploadHost to it (https://files.example).',
  ])
  expect(warnings(config('cn-hangzhou', { uploadHost: 'https://files.example' }))).toEqual([])
})

test('a domain needs a filing in the mainland', () => {
  const there = { uploadHost: 'https://files.example', https: true }
  expect(warnings(config('cn-hangzhou', there))).toEqual([])
  expect(warnings(config('cn-hangzhou', { ...there, domain: 'photos.example' }))).toEqual([
    'cn-hangzhou lies in the Chinese mainland, where a domain reaches a server only once it has an ICP filing with Alibaba Cloud; the bare address needs none.',
  ])
  expect(warnings(config('cn-hongkong', { ...there, domain: 'photos.example' }))).toEqual([])
})

test('callbacks need an open port', () => {
  const allowedCidrs = ['203.0.113.0/24']
  expect(warnings(config('eu-central-1', { callback: true }))).toEqual([])
  expect(warnings(config('eu-central-1', { allowedCidrs }))).toEqual([])
  expect(warnings(config('eu-central-1', { callback: true, allowedCidrs }))).toEqual([
    'callback is on, but allowedCidrs keeps OSS out: its addresses are not published, so callbacks need 0.0.0.0/0.',
  ])
})

test('port 22 is useless without a password', () => {
  const sshCidrs = ['203.0.113.0/24']
  expect(warnings(config('eu-central-1', { sshCidrs }))).toEqual([
    'sshCidrs opens port 22, but no password is set: nobody can log in there.',
  ])
  expect(warnings(config('eu-central-1', { sshCidrs, password: secret('Swordfish-7') }))).toEqual(
    [],
  )
})
