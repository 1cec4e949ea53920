import type { Goal, Result } from '../benchmark.ts'
import { type LineCase, type Load, lineSeconds } from './cases.ts'
import type { PictureRow } from './line-picture.ts'
import type { UploadRun } from './upload-run.ts'
import { UPLOADERS } from './uploaders.ts'

/** What was measured with one load on one line. */
export interface Cell {
  line: LineCase
  load: Load
  /** By name of the uploader; a text says why there are no figures. */
  runs: ReadonlyMap<string, UploadRun | string>
}

const MAIN_THREAD: Goal = { atMost: 4 }
const EVEN: Goal = { atMost: 1.2 }
const NEAR_FLOOR: Goal = { atMost: 1.1 }
const AHEAD: Goal = { atMost: 1 }

/** Returns the time of an upload as a multiple of what the line needs for the data. */
export function multiple({ line, load, runs }: Cell, uploader: string): number | undefined {
  const run = runs.get(uploader)
  return typeof run === 'object' ? run.seconds / lineSeconds(line, load) : undefined
}

/** Returns the row of the picture. */
export function pictureRow(cell: Cell): PictureRow {
  const multiples: Record<string, number> = {}
  for (const { name, title } of UPLOADERS) {
    const figure = multiple(cell, name)
    if (figure !== undefined) multiples[title] = figure
  }
  return { line: cell.line.title, load: cell.load.title, multiples }
}

/** Returns the rows of the table: this page against the line, and against each other uploader. */
export function cellRows(cell: Cell): Result[] {
  const { line, load, runs } = cell
  const what = `${load.title} over ${line.title}`
  const name = `line/${line.name}/${load.name}`
  const ours = multiple(cell, 'page')
  const rows: Result[] = []
  for (const { name: uploader, title } of UPLOADERS) {
    const run = runs.get(uploader)
    const theirs = multiple(cell, uploader)
    if (run === undefined) continue
    if (typeof run === 'string') {
      rows.push({ name: `${name}/${uploader}`, what, against: title, missing: run })
    } else if (uploader.startsWith('page')) {
      const goal = lineGoal(cell)
      const against = uploader === 'page' ? 'the line itself' : `the line itself (${title})`
      rows.push({
        ...{ name: `${name}/${uploader}`, what, against },
        ...{ ours: seconds(run.seconds), theirs: seconds(lineSeconds(line, load)) },
        ...(theirs === undefined ? {} : { ratio: theirs }),
        ...(goal === undefined ? {} : { goal }),
      })
    } else {
      rows.push({
        ...{ name: `${name}/${uploader}`, what, against: title },
        ...(ours === undefined ? {} : { ours: ours.toFixed(2) }),
        ...(theirs === undefined ? {} : { theirs: theirs.toFixed(2) }),
        ...(ours === undefined || theirs === undefined ? {} : { ratio: ours / theirs }),
        ...(uploader === 'uploader' ? {} : { goal: uploader === 'floor' ? NEAR_FLOOR : AHEAD }),
      })
    }
  }
  return [...rows, ...mainThreadRows(cell, what, name)]
}

function mainThreadRows({ load, runs }: Cell, what: string, name: string): Result[] {
  const run = runs.get('page')
  if (load.name !== 'small' || typeof run !== 'object') return []
  const floor = runs.get('floor')
  const theirs = typeof floor === 'object' ? { theirs: ms(floor.mainThreadMs) } : {}
  const against = 'the floor'
  return [
    {
      ...{ name: `${name}/main-thread`, what: `${what}: main thread for a file`, against },
      ...{ ours: ms(run.mainThreadMs), ...theirs },
      ...{ ratio: run.mainThreadMs, unit: 'ms', goal: MAIN_THREAD },
    },
    {
      name: `${name}/main-thread-growth`,
      what: `${what}: main thread for a file, from 70 to 90 % of them`,
      against: 'from 10 to 30 %',
      ...{ ours: ms(run.lastMs), theirs: ms(run.firstMs) },
      ...{ ratio: run.lastMs / run.firstMs, goal: EVEN },
    },
  ]
}

function lineGoal({ line, load }: Cell): Goal | undefined {
  if (load.name !== 'small') return { atMost: 1.05 }
  return line.name === '60ms' ? { atMost: 1.15 } : undefined
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
