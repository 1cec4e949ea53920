import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { cloud, useCloud } from './api-client.ts'

useCloud()

describe('through the proxy', () => {
  /** Opens a tunnel; gives the proxy's status line and the connection. */
  async function tunnel(authority: string): Promise<{ status: string; socket: Socket }> {
    const socket = connect(cloud.proxyPort, '127.0.0.1')
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    return { status: first.toString().split('\r\n')[0] ?? '', socket }
  }

  test('a host that there is not is refused and written down', async () => {
    const { status, socket } = await tunnel('registry.example:443')
    socket.destroy()
    expect(status).toBe('HTTP/1.1 502 Bad Gateway')
    expect(cloud.audit.entries).toEqual([
      {
        at: '2026-11-24T12:00:00.000Z',
        milliseconds: 0,
        host: 'registry.example',
        secure: false,
        clientAddress: '198.51.100.7',
        action: '',
        permissions: [],
        caller: 'unknown',
        parameters: {},
        status: 502,
        code: 'UnknownHost',
        requestId: '',
      },
    ])
  })

  test('TLS is answered with a certificate for the name that was asked for', async () => {
    const { status, socket } = await tunnel('vpc.eu-central-1.aliyuncs.com:443')
    expect(status).toBe('HTTP/1.1 200 Connection Established')
    const secure = connectTls({
      socket,
      servername: 'vpc.eu-central-1.aliyuncs.com',
      ca: cloud.certificate,
    })
    await once(secure, 'secureConnect')
    expect(secure.authorized).toBe(true)
    expect(secure.getPeerCertificate().subjectaltname).toBe('DNS:vpc.eu-central-1.aliyuncs.com')
    secure.destroy()
  })

  test('a client that does not trust the authority gets nowhere', async () => {
    const { socket } = await tunnel('ram.aliyuncs.com:443')
    const secure = connectTls({ socket, servername: 'ram.aliyuncs.com' })
    const [error] = (await once(secure, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('SELF_SIGNED_CERT_IN_CHAIN')
    expect(cloud.audit.entries).toEqual([])
  })

  test('the Host must be the one that the certificate is for', async () => {
    const { socket } = await tunnel('ram.aliyuncs.com:443')
    const ca = cloud.certificate
    const secure = connectTls({ socket, servername: 'ram.aliyuncs.com', ca })
    secure.write('GET / HTTP/1.1\r\nHost: sts.aliyuncs.com\r\nConnection: close\r\n\r\n')
    const answer = await text(secure)
    expect(answer).toMatch(/^HTTP\/1\.1 421 Misdirected Request\r\n/)
    expect(answer).toContain('The certificate is for another host.\n')
  })

  test('a plain URL of a service is answered too, and known to be plain', async () => {
    const url = 'http://photos-1.oss-ap-southeast-1.aliyuncs.com/a'
    const headers = { host: 'photos-1.oss-ap-southeast-1.aliyuncs.com' }
    const [response] = await once(get({ port: cloud.proxyPort, path: url, headers }), 'response')
    expect(response.statusCode).toBe(404)
    expect(await text(response)).toContain('<Code>NoSuchBucket</Code>')
    expect(cloud.audit.entries.map(({ host, secure }) => [host, secure])).toEqual([
      ['photos-1.oss-ap-southeast-1.aliyuncs.com', false],
    ])
  })

  test('it is no server of its own', async () => {
    const [response] = await once(get({ port: cloud.proxyPort, path: '/' }), 'response')
    expect(response.statusCode).toBe(400)
    expect(await text(response)).toBe('This is a proxy: it takes CONNECT and absolute http URLs.\n')
  })

  test('what a program needs to find it', async () => {
    const proxy = `http://127.0.0.1:${cloud.proxyPort}`
    const file = expect.stringMatching(/ca\.pem$/)
    expect(cloud.environment()).toEqual({
      HTTPS_PROXY: proxy,
      HTTP_PROXY: proxy,
      NO_PROXY: '127.0.0.1,localhost',
      SSL_CERT_FILE: file,
      NODE_EXTRA_CA_CERTS: file,
      ALICLOUD_ACCESS_KEY: cloud.deployer.accessKeyId,
      ALICLOUD_SECRET_KEY: cloud.deployer.accessKeySecret,
    })
  })
})

test('a server of its own can stand where the proxy does', async () => {
  const server = createServer((incoming, response) =>
    cloud.handle(incoming, response, {
      host: incoming.headers.host ?? '',
      secure: true,
      clientAddress: '100.64.0.9',
      network: 'vpc',
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = 'photos-1.oss-ap-southeast-1-internal.aliyuncs.com'
  const [response] = await once(get({ port, path: '/', headers: { host } }), 'response')
  expect(await text(response)).toContain('<Code>NoSuchBucket</Code>')
  expect(cloud.audit.entries.map((e) => [e.host, e.secure, e.clientAddress])).toEqual([
    [host, true, '100.64.0.9'],
  ])
  server.close()
})
