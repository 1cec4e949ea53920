import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Audit, maskSecrets } from '../../control-plane/audit.ts'
import { callApi, clock, cloud, useCloud } from './api-client.ts'

useCloud()

test('calls are recorded with their outcome, and without their secrets', async () => {
  await callApi(cloud, clock, 'CreateUser', { parameters: { UserName: 'u', Comments: 'c' } })
  await callApi(cloud, clock, 'CreateUser', { parameters: { UserName: 'u' }, spoil: true })
  expect(cloud.audit.entries).toEqual([
    {
      at: '2026-11-24T12:00:00.000Z',
      milliseconds: expect.any(Number),
      host: 'ram.aliyuncs.com',
      secure: true,
      clientAddress: '198.51.100.7',
      action: 'ram:CreateUser',
      permissions: ['ram:CreateUser'],
      caller: 'root',
      parameters: { UserName: 'u', Comments: 'c' },
      status: 200,
      code: '',
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    },
    expect.objectContaining({
      action: '',
      permissions: [],
      caller: 'unknown',
      code: 'SignatureDoesNotMatch',
    }),
  ])
  const dir = await mkdtemp(join(tmpdir(), 'audit-'))
  const path = join(dir, 'audit.jsonl')
  await cloud.audit.save(path)
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(cloud.audit.entries)
  const text = lines.join('\n')
  expect(text).not.toContain(cloud.deployer.accessKeySecret)
  await rm(dir, { recursive: true })
})

test('secrets are masked, long values cut', () => {
  const long = 'x'.repeat(401)
  expect(
    maskSecrets({
      Password: 'p',
      KMSEncryptedPassword: 'p',
      AccessKeySecret: 's',
      SecurityToken: 't',
      ClientToken: 'c',
      Empty: '',
      UserData: long,
    }),
  ).toEqual({
    Password: '***',
    KMSEncryptedPassword: '***',
    AccessKeySecret: '***',
    SecurityToken: '***',
    ClientToken: 'c',
    Empty: '',
    UserData: `${'x'.repeat(400)}… (401 characters)`,
  })
})

test('entries are found by what they are', () => {
  const audit = new Audit()
  const entry = {
    at: '',
    milliseconds: 5,
    host: 'ram.aliyuncs.com',
    secure: true,
    clientAddress: '',
    parameters: {},
    requestId: '',
  }
  const add = (action: string, caller: string, status: number, code: string): void =>
    audit.add({ ...entry, action, permissions: [action], caller, status, code })
  add('ram:ListUsers', 'root', 200, '')
  add('ram:GetUser', 'user/u', 404, 'EntityNotExist.User')
  add('ram:DeleteUser', 'user/u', 403, 'NoPermission')
  const actions = (query: Parameters<Audit['find']>[0]) =>
    audit.find(query).map(({ action }) => action)
  expect(actions({ caller: 'user/*' })).toEqual(['ram:GetUser', 'ram:DeleteUser'])
  expect(actions({ succeeded: false, action: 'ram:G*' })).toEqual(['ram:GetUser'])
  expect(actions({ code: '' })).toEqual(['ram:ListUsers'])
  expect(actions({ host: 'ecs.*' })).toEqual([])
  // A user that is not there was asked for by somebody who may ask.
  expect(audit.permissionsUsed()).toEqual(['ram:GetUser', 'ram:ListUsers'])
  expect(audit.permissionsUsed('user/u')).toEqual(['ram:GetUser'])
  expect(audit.millisecondsSpent()).toBe(15)
  audit.clear()
  expect(audit.entries).toEqual([])
})
