/**
 * Values of every form field that OSS stores with an object or acts on, so that the client cannot
 * choose them. They mean the same as leaving the field out, except that caches revalidate.
 *
 * Not pinned, as no value means the same as leaving it out: `x-oss-server-side-encryption` (whoever
 * may put an object may encrypt it) and the names of `x-oss-meta-*` and `x:*`, which only the
 * application reads. Source: "PostObject", Alibaba Cloud OSS documentation.
 */
export const PINNED_FIELDS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  'Content-Disposition': 'inline',
  'Content-Encoding': 'identity',
  Expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
  'x-oss-object-acl': 'default',
  'x-oss-storage-class': 'Standard',
  // No URL, so OSS does not redirect. Not confirmed with a live OSS; see app/oss/unconfirmed.md.
  success_action_redirect: '',
}

/** Returns the pinned fields that are headers of an object, for uploads in parts. */
export function pinnedHeaders(fields: Readonly<Record<string, string>>): Record<string, string> {
  const isHeader = ([name]: [string, string]): boolean =>
    name !== 'success_action_redirect' && !name.startsWith('x:')
  return Object.fromEntries(Object.entries(fields).filter(isHeader))
}
