import type { Architecture } from '../release.ts'
import { ownCheckout } from './checkout.ts'
import { packApp } from './pack-app.ts'
import { packRuntime } from './pack-runtime.ts'
import { readPackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'

const packing = new Map<string, Promise<PackedFile>>()

/**
 * The server and the page of this checkout, built if need be; once in a process.
 *
 * @throws RunError when they cannot be built
 */
export function packOwnApp(): Promise<PackedFile> {
  return once('app', async () => {
    const checkout = ownCheckout()
    return packApp(checkout, await readPackageLock(checkout))
  })
}

/**
 * Node for an instance, in the version that this checkout pins; once in a process.
 *
 * @throws RunError when it cannot be had
 */
export function packOwnRuntime(architecture: Architecture): Promise<PackedFile> {
  return once(architecture, async () => {
    const checkout = ownCheckout()
    return packRuntime(checkout, await readPackageLock(checkout), architecture)
  })
}

function once(name: string, pack: () => Promise<PackedFile>): Promise<PackedFile> {
  const running = packing.get(name) ?? pack()
  packing.set(name, running)
  return running
}
