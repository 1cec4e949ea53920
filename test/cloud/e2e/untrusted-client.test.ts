import { expect, test } from 'vitest'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'

const reason = whyNoMachine()

test.skipIf(reason)(
  'a stranger gets the page and bounded signatures, and nothing else',
  async () => {
    const { cloud, room, project } = await bootedCloud()
    wentWell(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    const key = await project.accessKey()
    const [instanceId = ''] = room.instanceIds
    const shell = new InstanceShell(room, instanceId)
    const pid = await shell.property('oss-direct-upload', 'MainPID')
    const stranger = new Visitor(await room.addVisitor('stranger'))
    const host = address.replace('http://', '')

    // Whatever path it is asked for, the server shows nothing but the page.
    for (const path of [
      '/../../etc/oss-direct-upload/secret.env',
      '/..%2f..%2fetc/oss-direct-upload/secret.env',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/../../server.mjs',
      '/assets/..%5c..%5cserver.mjs',
      '//etc/passwd',
      '/server.mjs',
      '/.env',
      '/package.json',
      '/metrics',
      '/http://100.100.100.200/latest/meta-data/',
    ]) {
      const status = await stranger.status(address, '--path-as-is', '--request-target', path)
      expect([path, status]).toEqual([path, expect.stringMatching(/^(400|403|404)$/)])
    }

    const proxy = ['--proxy', `${address}:80`]
    // It is no proxy to the metadata service, nor to anything else.
    for (const target of ['http://100.100.100.200/', 'http://127.0.0.1:22/']) {
      const text = await stranger.get(target, ...proxy, '--write-out', ' %{http_code}')
      // Whatever is asked of it, it answers itself.
      expect(text).toMatch(
        /^<!doctype html>[\s\S]*Transfer Data from Web Client to OSS[\s\S]* 200$/,
      )
    }
    expect(await stranger.status('https://example.com/', ...proxy)).toBe('000')
    const metadata = 'http://100.100.100.200/latest/meta-data/'
    expect(await stranger.get(metadata, '--header', `Host: ${host}`)).toBe('exit 28')
    // Nor does the server itself get there.
    expect(await shell.property('oss-direct-upload', 'IPAddressDeny')).toBe('100.100.100.200/32')

    // A signature is good for its key, its size, its bucket, and the wish of nobody else.
    const asked = `${address}/signature?name=a.txt&type=text/plain&size=5`
    const signed = JSON.parse(await stranger.get(asked)) as {
      url: string
      fields: Record<string, string>
    }
    const { SSL_CERT_FILE: certificateFile = '' } = cloud.environment()
    const post = async (fields: Record<string, string>, content = 'hello'): Promise<string> => {
      const form = Object.entries({ ...signed.fields, ...fields }).flatMap(([name, value]) => [
        '--form-string',
        `${name}=${value}`,
      ])
      const { stdout } = await stranger.run(
        [
          ...(['curl', '--silent', '--cacert', certificateFile, '--max-time', '10'] as const),
          ...[
            '--write-out',
            ' %{http_code}',
            ...form,
            '--form',
            'file=@-;filename=a.txt',
            signed.url,
          ],
        ],
        { input: content },
      )
      return `${/<Code>(\w+)</.exec(stdout)?.[1] ?? ''} ${stdout.slice(-3)}`.trim()
    }
    const { key: signedKey = '' } = signed.fields
    expect(await post({ key: 'upload/other.txt' })).toBe('AccessDenied 403')
    expect(await post({ key: `../${signedKey}` })).toBe('AccessDenied 403')
    expect(await post({}, 'hello, world')).toBe('EntityTooLarge 400')
    expect(await post({ 'x-oss-forbid-overwrite': 'false' })).toBe('AccessDenied 403')
    expect(await post({ success_action_status: '201' })).toBe('AccessDenied 403')
    expect(await storedObjects(cloud, bucket)).toEqual({})
    expect(await post({})).toBe('200')
    expect(await post({}, 'HELLO')).toBe('FileAlreadyExists 409')
    expect(Object.keys(await storedObjects(cloud, bucket))).toEqual([signedKey])

    // Nobody but the uploader's key gets to the bucket, and nobody without one.
    const objects = `https://${bucket}.oss-ap-southeast-1.aliyuncs.com`
    const trust = ['--cacert', certificateFile]
    expect(await stranger.status(`${objects}/`, ...trust)).toBe('403')
    expect(await stranger.status(`${objects}/${signedKey}`, ...trust)).toBe('403')

    // More than a request may be, or slower, or a thousand at once: the page goes on.
    expect(await stranger.status(`${address}/signature?name=${'n'.repeat(60_000)}`)).toBe('431')
    const large = `head --bytes=100M /dev/zero | curl --silent --request POST --upload-file - \
      --output /dev/null --write-out '%{http_code}' --max-time 10 '${address}/signature'`
    expect((await stranger.run(['sh', '-c', large])).stdout).toMatch(/^(404|405|413)$/)
    const crowd = stranger.run(['python3', '-c', CROWD, host], { timeoutMs: 120_000 })
    const started = performance.now()
    const regular = new Visitor(room.visitorNamespace)
    const waits: number[] = []
    while (performance.now() - started < 20_000) {
      const before = performance.now()
      expect(await regular.status(`${address}/`)).toBe('200')
      waits.push(performance.now() - before)
    }
    console.log(
      `beside 1,000 idle connections, the page takes ${Math.max(...waits).toFixed(0)} ms at most`,
      (await crowd).stdout.trim(),
    )
    // One address gets no more signatures than it may have; others do.
    const statuses = new Map<string, number>()
    for (let count = 0; count < 130; count += 1) {
      const status = await stranger.status(asked)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses.keys()].toSorted()).toEqual(['200', '429'])
    expect(await regular.status(asked)).toBe('200')

    expect(await shell.property('oss-direct-upload', 'MainPID')).toBe(pid)
    const record = await room.record(instanceId)
    expect(record).not.toContain(key.accessKeySecret)
    wentWell(await project.destroy())
    expect(await cloud.leftovers()).toEqual([])
  },
)

/** A thousand connections that send half a request, a byte a second, for twenty seconds. */
const CROWD = `
import json, socket, sys, time
held = []
for _ in range(1000):
    held.append(socket.create_connection((sys.argv[1], 80), timeout=10))
    held[-1].setblocking(False)
head = b'GET / HTTP/1.1\\r\\nHost: x\\r\\nX-Slow: '
cut, end = 0, time.monotonic() + 18
for connection in held:
    connection.send(head)
while time.monotonic() < end:
    time.sleep(1)
    for connection in list(held):
        try:
            connection.send(b'a')
        except OSError:
            held.remove(connection)
            cut += 1
print(json.dumps({'cut': cut, 'held': len(held)}))
`
