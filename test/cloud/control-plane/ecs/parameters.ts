import { numberedPages } from '../paging.ts'
import { parameterReaders } from '../parameter-readers.ts'
import { refuse } from './refusals.ts'

const readers = parameterReaders(() => refuse('InvalidParameter'))

export const { flag, oneOf } = readers

/** The largest page of ECS lists has 100 items. */
export const pages = numberedPages(readers, 100)
