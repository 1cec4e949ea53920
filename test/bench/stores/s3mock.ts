import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { installStep, rivalsFolder } from '../rivals/cache.ts'
import { BUCKET, type Store } from './store.ts'
import { startProgram } from './store-process.ts'

const VERSION = '5.1.0'

/** Adobe's S3Mock, of Maven Central: by its own rules it never checks a signature. */
export const s3mock: Store = {
  name: 's3mock',
  title: `Adobe S3Mock ${VERSION}`,
  async start(folder, report) {
    const [port, securePort] = [await freePort(), await freePort()]
    const jar = await install(report)
    const { stop, child } = await startProgram('S3Mock', port, 'java', [
      ...['-jar', jar, `--http.port=${port}`, `--server.port=${securePort}`],
      '--com.adobe.testing.s3mock.max-payload-size=6GB',
      `--com.adobe.testing.s3mock.store.root=${folder}`,
      `--com.adobe.testing.s3mock.store.initialBuckets=${BUCKET}`,
    ])
    return {
      url: `http://127.0.0.1:${port}/${BUCKET}`,
      pid: child.pid,
      fields: (key) => [
        ['key', key],
        ['success_action_status', '200'],
      ],
      stop,
    }
  },
}

async function install(report: (line: string) => void): Promise<string> {
  const folder = rivalsFolder()
  const jar = join(folder, `s3mock-${VERSION}-exec.jar`)
  if (existsSync(jar)) return jar
  report(`Getting Adobe S3Mock ${VERSION} from Maven Central, once, into ${folder}`)
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
