import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { installStep, rivalsFolder } from '../rivals/cache.ts'
import { BUCKET, type Store, unsignedFields } from './store.ts'
import { startStore } from './store-process.ts'

const VERSION = '5.1.0'

/** Adobe S3Mock from Maven Central, which never checks a signature. */
export const s3mock: Store = {
  name: 's3mock',
  title: `Adobe S3Mock ${VERSION}`,
  async start(folder, report) {
    const jar = await install(report)
    const securePort = await freePort()
    return startStore({
      title: 'S3Mock',
      command: 'java',
      args: (port) => [
        ...['-jar', jar, `--http.port=${port}`, `--server.port=${securePort}`],
        '--com.adobe.testing.s3mock.max-payload-size=6GB',
        `--com.adobe.testing.s3mock.store.root=${folder}`,
        `--com.adobe.testing.s3mock.store.initialBuckets=${BUCKET}`,
      ],
      path: `/${BUCKET}`,
      fields: unsignedFields,
    })
  },
}

async function install(report: (line: string) => void): Promise<string> {
  const folder = rivalsFolder()
  const jar = join(folder, `s3mock-${VERSION}-exec.jar`)
  if (existsSync(jar)) return jar
  report(`Downloading Adobe S3Mock ${VERSION} into ${folder}; this happens once`)
  await mkdir(folder, { recursive: true })
  const artifact = `com.adobe.testing:s3mock:${VERSION}:jar:exec`
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
  for (const goal of [
    [`${plugin}:get`, '-Dtransitive=false'],
    [`${plugin}:copy`, `-DoutputDirectory=${folder}`],
  ]) {
    const args = ['--quiet', '--batch-mode', `-Dartifact=${artifact}`, ...goal]
    await installStep('S3Mock', 'mvn', args, report)
  }
  return jar
}
