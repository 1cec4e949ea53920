import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Section } from './sections.ts'

/**
 * Compares a section with its file, and writes it there unless `check` is set.
 *
 * @param root Folder of the file
 * @returns whether the file was stale
 * @throws Error when the file has no markers for the section
 */
export function updateSection(section: Section, root: string, check: boolean): boolean {
  const { file, name, content } = section
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const isYaml = file.endsWith('.yaml')
  const marker = (label: string): string => (isYaml ? `# ${label}\n` : `<!-- ${label} -->\n`)
  const start = marker(`generated: ${name}`)
  const end = marker(`end of generated: ${name}`)
  const from = text.indexOf(start) + start.length
  const to = text.indexOf(end)
  if (from < start.length || to < from) throw new Error(`${file} has no markers for ${name}`)
  const next = text.slice(0, from) + (isYaml ? content : `\n${content}\n`) + text.slice(to)
  if (next !== text && !check) writeFileSync(path, next)
  return next !== text
}
