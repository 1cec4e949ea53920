import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Returns axe's findings for the current state of a page. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await axeSource())
  const { violations } = await page.evaluate(
    () =>
      (Reflect.get(window, 'axe') as { run(): Promise<AxeResults> }).run() as Promise<AxeResults>,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  )
}

async function axeSource(): Promise<string> {
  return readFile(AXE, 'utf8')
}
