import type { Architecture } from '../../placement/architecture.ts'
import { ownCheckout } from './checkout.ts'
import { packApp } from './pack-app.ts'
import { packRuntime } from './pack-runtime.ts'
import { type PackageLock, readPackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'

const done = new Map<string, Promise<unknown>>()

/**
 * The server and the page of this checkout, built if need be; once in a process.
 *
 * @throws UserError when they cannot be built
 */
export function packOwnApp(): Promise<PackedFile> {
  return once('app', async () => packApp(ownCheckout(), await ownLock()))
}

/**
 * Node for an instance, in the version that this checkout pins; once in a process.
 *
 * @throws UserError when it cannot be had
 */
export function packOwnRuntime(architecture: Architecture): Promise<PackedFile> {
  return once(architecture, async () => packRuntime(ownCheckout(), await ownLock(), architecture))
}

function ownLock(): Promise<PackageLock> {
  return once('lock', () => readPackageLock(ownCheckout()))
}

function once<T>(name: string, make: () => Promise<T>): Promise<T> {
  const running = (done.get(name) as Promise<T> | undefined) ?? make()
  done.set(name, running)
  return running
}
