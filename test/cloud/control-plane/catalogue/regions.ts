/** A region and its zones, in the order in which the API lists them. */
export interface Region {
  id: string
  zones: readonly string[]
}

/** Returns a zone's letter follows a dash unless the region's id ends in a digit. */
function region(id: string, letters: string): Region {
  return {
    id,
    zones: [...letters].map((letter) => (/\d$/.test(id) ? `${id}${letter}` : `${id}-${letter}`)),
  }
}

/** Some of Alibaba Cloud's regions. */
export const REGIONS: readonly Region[] = [
  region('cn-hangzhou', 'hijk'),
  region('cn-beijing', 'ghkl'),
  region('cn-hongkong', 'bcd'),
  region('ap-southeast-1', 'abc'),
  region('us-west-1', 'ab'),
  region('eu-central-1', 'abc'),
]
