import { expect, test } from 'vitest'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'

const reason = whyNoMachine()

test.skipIf(reason)(
  'an untrusted client gets the page and limited signatures, and nothing else',
  async () => {
    const { cloud, datacenter, project } = await bootedCloud({
      config: { signaturesPerMinute: 120 },
    })
    expectSuccess(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    const key = await project.accessKey()
    const [instanceId = ''] = datacenter.machines.ids
    const shell = new InstanceShell(datacenter, instanceId)
    const pid = await shell.property('oss-direct-upload', 'MainPID')
    const attacker = new Visitor(await datacenter.addVisitor('attacker'))
    const host = address.replace('http://', '')

    // No path serves anything but the page.
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
      const status = await attacker.status(address, '--path-as-is', '--request-target', path)
      expect([path, status]).toEqual([path, expect.stringMatching(/^(400|403|404)$/)])
    }

    // The server is not a proxy: it answers such requests itself.
    const proxy = ['--proxy', `${address}:80`]
    for (const target of ['http://100.100.100.200/', 'http://127.0.0.1:22/']) {
      const text = await attacker.get(target, ...proxy, '--write-out', ' %{http_code}')
      expect(text).toMatch(
        /^<!doctype html>[\s\S]*Transfer Data from Web Client to OSS[\s\S]* 200$/,
      )
    }
    expect(await attacker.status('https://example.com/', ...proxy)).toBe('000')
    const metadata = 'http://100.100.100.200/latest/meta-data/'
    expect(await attacker.get(metadata, '--header', `Host: ${host}`)).toBe('exit 28')
    // The server itself cannot reach the metadata service either.
    expect(await shell.property('oss-direct-upload', 'IPAddressDeny')).toBe('100.100.100.200/32')

    // A signature is valid for one key, size and bucket, and once.
    const signatureUrl = `${address}/signature?name=a.txt&type=text/plain&size=5`
    const signed = JSON.parse(await attacker.get(signatureUrl)) as {
      url: string
      fields: Record<string, string>
    }
    const { SSL_CERT_FILE: certificateFile = '' } = cloud.environment()
    const post = async (fields: Record<string, string>, content = 'hello'): Promise<string> => {
      const form = Object.entries({ ...signed.fields, ...fields }).flatMap(([name, value]) => [
        '--form-string',
        `${name}=${value}`,
      ])
      const { stdout } = await attacker.run(
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

    // The bucket denies anonymous access.
    const objects = `https://${bucket}.oss-ap-southeast-1.aliyuncs.com`
    const trust = ['--cacert', certificateFile]
    expect(await attacker.status(`${objects}/`, ...trust)).toBe('403')
    expect(await attacker.status(`${objects}/${signedKey}`, ...trust)).toBe('403')

    // Oversized requests and a thousand slow connections do not affect the page.
    expect(await attacker.status(`${address}/signature?name=${'n'.repeat(60_000)}`)).toBe('431')
    const large = `head --bytes=100M /dev/zero | curl --silent --request POST --upload-file - \
      --output /dev/null --write-out '%{http_code}' --max-time 10 '${address}/signature'`
    expect((await attacker.run(['sh', '-c', large])).stdout).toMatch(/^(404|405|413)$/)
    const slowClients = attacker.run(['python3', '-c', SLOW_CLIENTS, host], { timeoutMs: 120_000 })
    const started = performance.now()
    const regular = new Visitor(datacenter.visitorNamespace)
    const waits: number[] = []
    while (performance.now() - started < 20_000) {
      const before = performance.now()
      expect(await regular.status(`${address}/`)).toBe('200')
      waits.push(performance.now() - before)
    }
    console.log(
      `with 1,000 slow connections, the page takes ${Math.max(...waits).toFixed(0)} ms at most`,
      (await slowClients).stdout.trim(),
    )
    // The rate limit applies to one address only. One process sends all requests, faster than the
    // limit refills.
    const burst = await attacker.run([
      ...(['curl', '--silent', '--max-time', '60', '--output', '/dev/null'] as const),
      ...['--write-out', '%{http_code}\n', signatureUrl.replace('a.txt', '[1-300].txt')],
    ])
    expect(new Set(burst.stdout.trim().split('\n'))).toEqual(new Set(['200', '429']))
    expect(await regular.status(signatureUrl)).toBe('200')

    expect(await shell.property('oss-direct-upload', 'MainPID')).toBe(pid)
    const record = await datacenter.machines.log(instanceId)
    expect(record).not.toContain(key.accessKeySecret)
    await destroyCleanly(cloud, project)
  },
)

/** Opens a thousand connections that each send a request, one byte per second, for 20 seconds. */
const SLOW_CLIENTS = `
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
