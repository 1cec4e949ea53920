import type { EngineName } from './requirements.ts'

interface Limit {
  engine: EngineName
  /** File name in `test/browser`. */
  file: string
  /** Title of the test; absent for all tests of the file. */
  test?: string | RegExp
  reason: string
}

const CDP = 'The test limits the network or drags files by CDP, which only Chromium has'
const CHANGED =
  'Firefox reports a changed file later or in another way than Chromium, or not at all'

/** What an engine, or its driver, cannot do. */
const LIMITS: readonly Limit[] = [
  {
    engine: 'firefox',
    file: 'access-code.test.ts',
    test: 'the code in the link is used and never sent in a URL',
    reason: 'The test counts the blank page of a new tab in the history, which Firefox does not',
  },
  {
    engine: 'firefox',
    file: 'accessibility.test.ts',
    test: 'dark mode follows the system',
    reason: 'The driver cannot change the colour scheme of an open page',
  },
  {
    engine: 'firefox',
    file: 'accessibility.test.ts',
    test: 'the page works with the keyboard alone and announces results',
    reason: 'Fails after the file picker; not yet investigated',
  },
  {
    engine: 'firefox',
    file: 'browser-restart.test.ts',
    reason: 'The test starts Chromium with a profile of its own',
  },
  {
    engine: 'firefox',
    file: 'connection.test.ts',
    test: 'files are signed one by one, so that a long queue outlives a policy',
    reason: CDP,
  },
  {
    engine: 'firefox',
    file: 'connection.test.ts',
    test: /^a file that (has changed|is shorter|was deleted) since it was selected is not sent$/,
    reason: CHANGED,
  },
  {
    engine: 'firefox',
    file: 'errors.test.ts',
    test: 'a connection that is too slow for the policy is reported after one retry',
    reason: CDP,
  },
  {
    engine: 'firefox',
    file: 'file-sources.test.ts',
    test: /folder/,
    reason: 'The driver cannot select folders, nor drag files without CDP',
  },
  {
    engine: 'firefox',
    file: 'file-sources.test.ts',
    test: 'a picture is pasted wherever the focus is, and text stays text',
    reason: 'The driver cannot grant access to the clipboard',
  },
  {
    engine: 'firefox',
    file: 'file-sources.test.ts',
    test: /camera/,
    reason: 'The test uses the fake camera and the phone emulation of Chromium',
  },
  {
    engine: 'firefox',
    file: 'large-files-change.test.ts',
    test: 'a file that changes while it is paused fails',
    reason: CHANGED,
  },
  {
    engine: 'firefox',
    file: 'leave-page.test.ts',
    reason: 'The driver does not report the dialog of a page that is left',
  },
  { engine: 'firefox', file: 'upload.test.ts', test: /cancel/, reason: CDP },
]

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
