/** Set on a file to have it stored beside an object of the same name. */
export const RENAME = { conflict: 'rename' } as const
