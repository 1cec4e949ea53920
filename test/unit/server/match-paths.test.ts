import express, { type RequestHandler } from 'express'
import { expect, test } from 'vitest'
import { matchPaths } from '../../../app/server/http/match-paths.ts'
import { serveApp } from './app-server.ts'

const PATHS = ['/signature', '/multipart']

test.each([
  ['/signature', true],
  ['/signature?name=a', true],
  ['/Signature', true],
  ['/SIGNATURE/', true],
  ['/signature//', true],
  ['/signature/x/y', true],
  ['/multipart/parts', true],
  ['/signatures', false],
  ['/signature.json', false],
  ['/%73ignature', false],
  ['//signature', false],
  ['/x/signature', false],
  ['/', false],
  ['/?/signature', false],
])('%s matches as in Express', async (path, found) => {
  const answer: RequestHandler = (_request, response) => void response.send('found')
  const ours = express().use(matchPaths(PATHS, answer))
  const theirs = express().use(PATHS, answer)
  for (const app of [ours, theirs]) {
    const server = app.listen(0)
    const { port } = server.address() as { port: number }
    const text = await (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    server.close()
    expect([app === ours, text === 'found']).toEqual([app === ours, found])
  }
})

test('every spelling of the path is rate limited and answers CORS', async () => {
  const origin = await serveApp({}, { signaturesPerMinute: 1 })
  const seen: unknown[] = []
  for (const path of ['/signature', '/SIGNATURE', '/signature/']) {
    const { status, headers } = await fetch(`${origin}${path}?name=a.png&size=1`)
    seen.push([status, headers.get('vary')])
  }
  expect(seen).toEqual([
    [200, 'Origin'],
    [429, 'Origin'],
    [429, 'Origin'],
  ])
})
