import { UsageError } from '../../process/usage-error.ts'
import { CertificateKeeper } from './renewal/certificate-manager.ts'
import type { HttpsSettings } from './settings.ts'
import { CertificateBucket } from './store/bucket-store.ts'
import { CertificateFolder } from './store/folder-store.ts'
import type { HttpsLog } from './store/log.ts'
import { KeptState } from './store/replicated-store.ts'

/**
 * Makes the keeper of the certificate; to be started once the http port is listened on.
 *
 * @throws UsageError when the folder cannot be written
 */
export async function openHttps(
  settings: HttpsSettings,
  log: HttpsLog,
): Promise<CertificateKeeper> {
  const { folder, bucket, directory, profile, name } = settings
  const machine = new CertificateFolder(folder)
  try {
    await machine.prepare()
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new UsageError(
      `CERTIFICATE_DIR ${folder} cannot be written (${code}): certificates would be lost at every restart`,
      { cause },
    )
  }
  const owner = { directory, profile, name }
  const places = [machine, ...(bucket === undefined ? [] : [new CertificateBucket(bucket)])]
  return new CertificateKeeper({ ...owner, kept: new KeptState(places, owner, log), log })
}
