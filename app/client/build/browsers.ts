/** Oldest browsers that the page supports: the versions of December 2024. */
export const BROWSERS = {
  chrome: '131',
  edge: '131',
  firefox: '133',
  ios: '18.2',
  safari: '18.2',
} as const
