/** A region and its zones, in the order in which the API lists them. */
export interface Region {
  id: string
  /** By Accept-Language. */
  localName: { 'zh-CN': string; 'en-US': string }
  zones: readonly string[]
}

/** A zone's letter follows a dash unless the region's id ends in a digit. */
function region(id: string, chinese: string, english: string, letters: string): Region {
  return {
    id,
    localName: { 'zh-CN': chinese, 'en-US': english },
    zones: [...letters].map((letter) => (/\d$/.test(id) ? `${id}${letter}` : `${id}-${letter}`)),
  }
}

/** Some of the regions there are. */
export const REGIONS: readonly Region[] = [
  region('cn-hangzhou', '华东1（杭州）', 'China (Hangzhou)', 'hijk'),
  region('cn-beijing', '华北2（北京）', 'China (Beijing)', 'ghkl'),
  region('cn-hongkong', '中国香港', 'China (Hong Kong)', 'bcd'),
  region('ap-southeast-1', '新加坡', 'Singapore', 'abc'),
  region('us-west-1', '美国（硅谷）', 'US (Silicon Valley)', 'ab'),
  region('eu-central-1', '德国（法兰克福）', 'Germany (Frankfurt)', 'abc'),
]
