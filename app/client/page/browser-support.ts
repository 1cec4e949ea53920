/** Returns whether the browser has the newest APIs that the page uses. */
export function isSupportedBrowser(): boolean {
  return 'parse' in URL && 'withResolvers' in Promise && 'any' in AbortSignal
}
