import type { StackConfig } from './stack-config.ts'

/** Returns a line for each valid setting that will not work as expected. */
export function warnings(config: StackConfig): string[] {
  const found: string[] = []
  if (isMainland(config.region) && config.uploadHost === undefined) {
    found.push(
      `${config.region} lies in the Chinese mainland, where OSS serves uploads of newer accounts through a custom ` +
        'domain only: bind one to the bucket and set uploadHost to it (https://files.example).',
    )
  }
  if (isMainland(config.region) && config.domain !== undefined) {
    found.push(
      `${config.region} lies in the Chinese mainland, where a domain reaches a server only once it has ` +
        'an ICP filing with Alibaba Cloud; the bare address needs none.',
    )
  }
  if (config.callback && !config.allowedCidrs.includes('0.0.0.0/0')) {
    found.push(
      'callback is on, but allowedCidrs keeps OSS out: its addresses are not published, so callbacks need 0.0.0.0/0.',
    )
  }
  if (config.password === undefined && config.sshCidrs.length > 0) {
    found.push('sshCidrs opens port 22, but no password is set: nobody can log in there.')
  }
  return found
}

function isMainland(region: string): boolean {
  return region.startsWith('cn-') && region !== 'cn-hongkong'
}
