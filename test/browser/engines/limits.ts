import type { EngineName } from './requirements.ts'

interface Limit {
  engine: EngineName
  /** File name in `test/browser`. */
  file: string
  /** Title of the test; absent for all tests of the file. */
  test?: string | RegExp
  reason: string
}

/** What an engine, or its driver, cannot do. Everything else runs in every engine. */
const LIMITS: readonly Limit[] = []

/**
 * Returns why a test cannot run in an engine.
 *
 * @returns undefined when it can
 */
export function engineLimit(engine: EngineName, path: string, title: string): string | undefined {
  const matches = ({ test }: Limit): boolean =>
    test === undefined || (typeof test === 'string' ? test === title : test.test(title))
  return LIMITS.find(
    (limit) => limit.engine === engine && path.endsWith(`/${limit.file}`) && matches(limit),
  )?.reason
}
