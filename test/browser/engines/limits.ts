import type { EngineName } from './requirements.ts'

/** A test that an engine cannot run: file in `test/browser`, title (`/./` for all), and the reason. */
type Limit = readonly [file: string, title: string | RegExp, reason: string]

const CDP = 'The test limits the speed of the whole network, which only Chromium can'
const EVENTS = 'Plain WebDriver reports no requests, dialogs or console messages'
const INTERCEPT =
  'Plain WebDriver cannot intercept requests, go offline or run a script before the page'
const WIDTH = 'The window of MiniBrowser is at least 447 pixels wide'
const KEYBOARD =
  'Not explained: after its file chooser, Enter on the button empties the list; in journeys.test.ts, which selects files, it works'

/** What an engine, or its driver, cannot do. */
const LIMITS: Readonly<Record<EngineName, readonly Limit[]>> = {
  chromium: [],
  firefox: [
    [
      'access-code.test.ts',
      'the code in the link is used and never sent in a URL',
      'The test counts the blank page of a new tab in the history, which Firefox does not',
    ],
    [
      'accessibility.test.ts',
      'dark mode follows the system',
      'The driver cannot change the colour scheme of an open page',
    ],
    ['accessibility.test.ts', /with the keyboard alone/, KEYBOARD],
    ['browser-restart.test.ts', /./, 'The test starts Chromium with a profile of its own'],
    [
      'connection.test.ts',
      /^files that wait too long are signed again/,
      'The test counts signatures, and Firefox with its driver takes longer: 14 instead of 10',
    ],
    ['file-sources.test.ts', /folder/, 'The driver cannot select folders, nor drag files'],
    ['file-sources.test.ts', /pasted/, 'The driver cannot grant access to the clipboard'],
    ['file-sources.test.ts', /camera/, 'The test uses the fake camera and phone of Chromium'],
    ['leave-page.test.ts', /./, 'The driver does not report the dialog of a page that is left'],
    ['upload.test.ts', /cancel/, CDP],
  ],
  webkit: [
    ['access-code.test.ts', 'the code in the link is used and never sent in a URL', EVENTS],
    ['accessibility.test.ts', /360 wide$/, WIDTH],
    ['accessibility.test.ts', 'dark mode follows the system', INTERCEPT],
    ['accessibility.test.ts', /with the keyboard alone/, EVENTS],
    ['browser-restart.test.ts', /./, 'The test starts Chromium with a profile of its own'],
    [
      'errors.test.ts',
      'files of a forbidden type or size are not added',
      'The driver takes the type of a file from its name',
    ],
    ['connection.test.ts', /offline$/, 'The driver cannot go offline'],
    ['connection.test.ts', /^a signing server that is silent/, 'The driver cannot set the clock'],
    ['file-sources.test.ts', /folder/, 'The driver cannot select folders, nor drag files'],
    ['file-sources.test.ts', /pasted|camera/, 'The driver has neither clipboard nor camera'],
    ['large-files-list.test.ts', /360 wide$/, WIDTH],
    ['large-files-tabs.test.ts', /./, EVENTS],
    ['leave-page.test.ts', /./, EVENTS],
    ['upload.test.ts', /cancel/, CDP],
    ['upload.test.ts', /^the key of a stored file is copied/, 'The driver has no clipboard'],
  ],
}

/**
 * Returns why a test cannot run in an engine.
 *
 * @returns undefined when it can
 */
export function engineLimit(engine: EngineName, path: string, title: string): string | undefined {
  const limit = LIMITS[engine].find(
    ([file, test]) =>
      path.endsWith(`/${file}`) && (typeof test === 'string' ? test === title : test.test(title)),
  )
  return limit?.[2]
}
