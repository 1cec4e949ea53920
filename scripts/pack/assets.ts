import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildClient } from '@oss-direct-upload/page-build'
import { ownCheckout } from '../../infra/release/pack/checkout.ts'
import { packOwnApp } from '../../infra/release/pack/pack-release.ts'
import { pinnedRuntime } from '../../infra/release/pack/pack-runtime.ts'
import { readPackageLock } from '../../infra/release/pack/package-lock.ts'
import { ROOT } from './parts.ts'

/** What a package has besides its modules, by the part's folder. */
export interface Assets {
  /** Modules of the repository, or packages, that the package has another module for. */
  replacements?: Readonly<Record<string, string>>
  /** Writes files into the folder of the package. */
  write?: (folder: string) => Promise<void>
}

export const ASSETS: Readonly<Record<string, Assets>> = {
  'app/server': {
    replacements: { '@oss-direct-upload/page-build': 'app/server/build/packed-client.ts' },
    write: async (folder) => {
      await buildClient(join(folder, 'dist/build/client'))
    },
  },
  infra: {
    replacements: { 'infra/release/pack/pack-release.ts': 'infra/release/pack/packed-release.ts' },
    write: async (folder) => {
      const release = join(folder, 'release')
      await mkdir(release)
      await cp((await packOwnApp()).path, join(release, 'app.tar'))
      await writeFile(join(release, 'runtimes.json'), JSON.stringify(await runtimes(), null, 2))
      const boot = await readdir(join(ROOT, 'infra/boot'))
      for (const name of boot.filter((file) => !file.endsWith('.ts'))) {
        await cp(join(ROOT, 'infra/boot', name), join(folder, 'dist/boot', name))
      }
    },
  },
}

async function runtimes(): Promise<object> {
  const checkout = ownCheckout()
  const lock = await readPackageLock(checkout)
  return {
    x86_64: await pinnedRuntime(checkout, lock, 'x86_64'),
    arm64: await pinnedRuntime(checkout, lock, 'arm64'),
  }
}
