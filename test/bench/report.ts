import { cpus } from 'node:os'
import { type Goal, isMet, type Result } from './benchmark.ts'

/**
 * Renders the table, with the versions of Node and CPU below.
 *
 * @param stolen Share of the processor time that the host gave to other machines, 0 to 1
 */
export function renderTable(results: readonly Result[], stolen?: number): string {
  const rows = results.map((result) => [
    result.what,
    result.against,
    result.ours ?? '',
    result.theirs ?? '',
    figure(result),
    result.goal === undefined ? '' : goalText(result.goal, result.unit),
    verdict(result),
  ])
  const head = ['what', 'against', 'ours', 'theirs', 'ratio', 'goal', 'met']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  const [{ model = 'unknown CPU' } = {}, ...others] = cpus()
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${day}, Node ${process.versions.node}, ${others.length + 1} x ${model.trim()}`
  const reasons = results.flatMap(({ name, missing }) => (missing ? [`${name}: ${missing}`] : []))
  const noise =
    stolen === undefined ? '' : `, ${Math.round(stolen * 100)} % of its time taken by the host`
  return [line(head), rule, ...rows.map(line), '', `${machine}${noise}`, ...reasons].join('\n')
}

/** Renders the file of `--json`. */
export function renderJson(results: readonly Result[], stolen?: number): string {
  const [{ model = 'unknown' } = {}] = cpus()
  const document = {
    date: new Date().toISOString(),
    node: process.versions.node,
    cpu: model.trim(),
    cores: cpus().length,
    ...(stolen === undefined ? {} : { stolen }),
    results: results.map((result) => ({
      name: result.name,
      ratio: result.ratio ?? null,
      goal: result.goal ?? null,
      met: isMet(result) ?? null,
      unit: result.unit ?? '',
      ours: result.ours ?? '',
      theirs: result.theirs ?? '',
      ...(result.missing === undefined ? {} : { missing: result.missing }),
    })),
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function figure({ ratio, unit = '', missing }: Result): string {
  if (ratio === undefined) return missing === undefined ? '' : 'not measured'
  const digits = ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2
  return `${ratio.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

function goalText(goal: Goal, unit = ''): string {
  const text = 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`
  return unit === '' ? text : `${text} ${unit}`
}

function verdict(result: Result): string {
  const met = isMet(result)
  return met === undefined ? '' : met ? 'yes' : 'NO'
}
