import { cachedCredentials } from '../../identity/cached-credentials.ts'
import { deployerCredentials, type ProviderSetting } from '../../identity/deployer-credentials.ts'
import { useEnvironmentProxy } from '../../identity/environment-proxy.ts'
import { emptyBucket } from './empty-bucket.ts'

export interface DeleteContentsOptions {
  bucket: string
  region: string
  /** Configuration of the provider. */
  setting: ProviderSetting
}

/**
 * Empties a bucket with the credentials of the provider. The functions that the stack's state contains
 * call this; see `bucket-contents.ts`.
 *
 * @param report Receives lines of progress
 * @throws BucketError, RpcError
 */
export async function deleteContents(
  { bucket, region, setting }: DeleteContentsOptions,
  report: (line: string) => void,
): Promise<void> {
  await useEnvironmentProxy()
  const credentials = await deployerCredentials(setting)
  if (!credentials) {
    report(`${bucket}: no credentials to empty it with, so that is left to the provider`)
    return
  }
  const renew = async () => (await deployerCredentials(setting)) ?? credentials
  await emptyBucket({ bucket, region, credentials: cachedCredentials(credentials, renew) }, report)
}
