import { UsageError } from '@oss-direct-upload/process/usage-error'
import type { HttpsSettings } from './config.ts'
import { CertificateManager } from './renewal/certificate-manager.ts'
import { BucketStore, FolderStore, type HttpsLog, ReplicatedStore } from './store/index.ts'

/**
 * Creates the certificate manager, to be started once the http port is listened on.
 *
 * @throws UsageError when the folder is not writable
 */
export async function openHttps(
  settings: HttpsSettings,
  log: HttpsLog,
): Promise<CertificateManager> {
  const { folder, bucket, directory, profile, name } = settings
  const local = new FolderStore(folder)
  try {
    await local.prepare()
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new UsageError(
      `CERTIFICATE_DIR ${folder} cannot be written (${code}): certificates would be lost at every restart`,
      { cause },
    )
  }
  const spec = { directory, profile, name }
  const shared = bucket === undefined ? [] : [new BucketStore(bucket)]
  const store = new ReplicatedStore([local, ...shared], spec, log)
  return new CertificateManager({ ...spec, store, log })
}
