import type { Architecture } from '../../placement/architecture.ts'
import { ownCheckout } from './checkout.ts'
import { packApp } from './pack-app.ts'
import { packAppFolder } from './pack-folder.ts'
import { packRuntime } from './pack-runtime.ts'
import { type PackageLock, readPackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'

const started = new Map<string, Promise<unknown>>()

/**
 * Packs the server and the page of this checkout, once per process.
 *
 * @throws UserError when they cannot be built
 */
export function packOwnApp(): Promise<PackedFile> {
  return once('app', async () => packApp(ownCheckout(), await ownLock()))
}

/**
 * Packs a built app.
 *
 * @throws UserError when the folder has no `server.mjs`
 */
export function packFolder(folder: string): Promise<PackedFile> {
  return packAppFolder(folder, ownCheckout().cache)
}

/**
 * Packs Node for an instance, in the version that this checkout pins, once per process.
 *
 * @throws UserError when it cannot be downloaded
 */
export function packOwnRuntime(architecture: Architecture): Promise<PackedFile> {
  return once(architecture, async () => packRuntime(ownCheckout(), await ownLock(), architecture))
}

/** Packs both, so that what cannot be packed fails before anything is created. */
export async function packOwnRelease(architecture: Architecture): Promise<void> {
  await Promise.all([packOwnApp(), packOwnRuntime(architecture)])
}

function ownLock(): Promise<PackageLock> {
  return once('lock', () => readPackageLock(ownCheckout()))
}

function once<T>(name: string, make: () => Promise<T>): Promise<T> {
  const running = (started.get(name) as Promise<T> | undefined) ?? make()
  started.set(name, running)
  return running
}
