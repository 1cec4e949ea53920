/** Files that operating systems put into folders. */
const SYSTEM_FILES: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Returns whether a file was not put into its folder by the user. */
export function isSystemFile(relativePath: string): boolean {
  const slash = relativePath.lastIndexOf('/')
  // One that is selected by itself is meant.
  return slash > 0 && SYSTEM_FILES.has(relativePath.slice(slash + 1))
}
