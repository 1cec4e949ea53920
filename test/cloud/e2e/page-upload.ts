import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type file, hash, results, select, upload } from '../../browser/page-actions.ts'

type Selected = ReturnType<typeof file>

/**
 * Opens the page and uploads files with it.
 *
 * @param callbacks `some lost` where OSS may fail to reach the server; the page then shows a stored file
 *   as unconfirmed @default 'answered'
 * @returns SHA-256 of each file by the key that the page shows
 */
export async function uploadByPage(
  page: Page,
  address: string,
  files: readonly Selected[],
  callbacks: 'answered' | 'some lost' = 'answered',
): Promise<Record<string, string>> {
  await page.goto(address)
  expect(await page.title()).toBe('Transfer Data from Web Client to OSS')
  await select(page, [...files])
  await upload(page)
  const lines = await results(page, files.length)
  const stored = /^stored: (.*): Stored as (upload\/[0-9a-f]{16}\/[^\n]*)(?:\n|$)/
  const unconfirmed =
    /^callbackFailed: (.*): Stored as (upload\/[0-9a-f]{16}\/.*), but the callback failed: /
  const keys = new Map<string, string>()
  const others: string[] = []
  for (const line of lines) {
    const lost = callbacks === 'some lost' ? unconfirmed.exec(line) : null
    const [, name, key] = stored.exec(line) ?? lost ?? []
    if (name === undefined || key === undefined) others.push(line)
    else keys.set(name, key)
  }
  expect(others).toEqual([])
  return Object.fromEntries(
    files.map(({ name, buffer }) => [keys.get(name) ?? `${name} is missing`, hash(buffer)]),
  )
}
