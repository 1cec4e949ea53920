import type { Credentials } from '@oss-direct-upload/signing'
import {
  deployerCredentials as find,
  type ProviderSetting,
} from '../identity/deployer-credentials.ts'
import { useEnvironmentProxy } from '../identity/environment-proxy.ts'

/** Returns the credentials of the provider. For stacks of earlier versions, see `empty-bucket.ts`. */
export async function deployerCredentials(
  setting: ProviderSetting,
): Promise<Credentials | undefined> {
  await useEnvironmentProxy()
  return find(setting)
}
