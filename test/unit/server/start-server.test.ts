import { afterEach, describe, expect, test } from 'vitest'
import { ListenError, type RunningServer, startServer } from '../../../app/server/start-server.ts'
import { signing } from './app-server.ts'
import { parseAnswer, rawConnection } from './raw-connection.ts'

const running: RunningServer[] = []

async function start(options: Partial<Parameters<typeof startServer>[0]> = {}) {
  const server = await startServer({ signing, port: 0, host: '127.0.0.1', ...options })
  running.push(server)
  return server
}

/** An authorise hook that waits until it is let go. */
function gate() {
  const entered = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<boolean>()
  const authorise = (): Promise<boolean> => {
    entered.resolve()
    return opened.promise
  }
  return { authorise, entered: entered.promise, open: () => opened.resolve(true) }
}

const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
const isOpen = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    () => true,
    () => false,
  )

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

describe('close', () => {
  test('a pending handler answers, with Connection: close', async () => {
    const slow = gate()
    const server = await start({ signing: { ...signing, authorise: slow.authorise } })
    const connection = await rawConnection(server.port)
    connection.send('GET /signature?name=a&size=1 HTTP/1.1\r\nHost: a\r\n\r\n')
    await slow.entered
    let done = false
    const closing = server.close().then(() => {
      done = true
    })
    expect(await isOpen(server.port)).toBe(false)
    expect(done).toBe(false)
    slow.open()
    const answer = parseAnswer(await connection.closed)
    expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])
    expect(JSON.parse(answer.body).host).toBe(signing.uploadHost)
    await closing
  })

  test('a partial request is awaited and answered', async () => {
    const server = await start()
    const connection = await rawConnection(server.port)
    connection.send(GET.slice(0, -2))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const closing = server.close()
    connection.send('\r\n')
    const answer = parseAnswer(await connection.closed)
    expect([answer.status, answer.headers.connection, answer.body]).toEqual([
      200,
      'close',
      '{"status":"ok"}',
    ])
    await closing
  })

  test('idle connections, used and unused, do not delay it', async () => {
    const server = await start()
    const used = await rawConnection(server.port)
    used.send(GET)
    await used.received('{"status":"ok"}')
    const unused = await rawConnection(server.port)
    const before = performance.now()
    await server.close()
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(parseAnswer(await used.closed).headers.connection).toBe('keep-alive')
    expect(await unused.closed).toBe('')
  })

  test('stuck requests are cut at the limit, and a second call returns the same promise', async () => {
    const slow = gate()
    const server = await start({
      signing: { ...signing, authorise: slow.authorise },
      closeTimeoutMs: 150,
    })
    const connection = await rawConnection(server.port)
    connection.send('GET /signature?name=a&size=1 HTTP/1.1\r\nHost: a\r\n\r\n')
    await slow.entered
    const before = performance.now()
    const first = server.close()
    expect(server.close()).toBe(first)
    await first
    expect(performance.now() - before).toBeGreaterThan(140)
    expect(await connection.closed).toBe('')
  })
})

test('a port in use is reported in one sentence', async () => {
  const { port } = await start()
  const error = await start({ port }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(ListenError)
  expect(error.message).toBe(`Port ${port} is taken: choose another`)
})

test('an address of another machine is reported in one sentence', async () => {
  const error = await start({ host: '192.0.2.1' }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(ListenError)
  expect(error.message).toBe('The address 192.0.2.1 does not belong to this machine')
})

describe('malformed requests are refused in JSON', () => {
  test.each([
    ['no request at all', 'hello\r\n\r\n', 400, 'InvalidRequest'],
    [
      'a bare CR in a header',
      'GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n',
      400,
      'InvalidRequest',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400, 'InvalidRequest'],
    [
      'two lengths',
      'POST /signature HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'InvalidRequest',
    ],
    [
      'a head over 16 KiB',
      `GET /?${'q'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      431,
      'HeadersTooLarge',
    ],
  ])('%s', async (_what, bytes, status, code) => {
    const connection = await rawConnection((await start()).port)
    connection.send(bytes)
    const answer = parseAnswer(await connection.closed)
    const body = JSON.parse(answer.body)
    expect([answer.status, body.code]).toEqual([status, code])
    expect(body.requestId).toBe(answer.headers['x-request-id'])
    expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers['content-length']).toBe(String(answer.body.length))
  })

  test('an unknown expectation is ignored', async () => {
    const connection = await rawConnection((await start()).port)
    connection.send(GET.replace('\r\n\r\n', '\r\nExpect: miracles\r\nConnection: close\r\n\r\n'))
    expect(parseAnswer(await connection.closed).status).toBe(200)
  })
})
