import { expect } from 'vitest'
import type { Datacenter } from '../machine/datacenter.ts'

/** A root shell on an instance. */
export class InstanceShell {
  readonly #datacenter: Datacenter
  readonly #instanceId: string

  constructor(datacenter: Datacenter, instanceId: string) {
    this.#datacenter = datacenter
    this.#instanceId = instanceId
  }

  /** Runs a script, which must succeed without output on standard error. @returns Its output */
  async run(script: string): Promise<string> {
    const result = await this.#datacenter.machines.get(this.#instanceId).exec(['sh', '-c', script])
    expect({ script, ...result }).toEqual({ script, code: 0, stderr: '', stdout: result.stdout })
    return result.stdout
  }

  /** Returns the log of the server. */
  log(): Promise<string> {
    return this.run('journalctl --unit oss-direct-upload --output cat --no-pager')
  }

  /** Returns a property of a systemd unit. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.run(`systemctl show --property=${name} --value ${unit}`)).trim()
  }

  /**
   * Returns the sockets reachable from outside as `tcp *:80 UNIT`, sorted, with the instance's address
   * as `192.168.0.*`.
   */
  async listening(): Promise<string[]> {
    const lines = (await this.run('ss -H -lntup; ss -H -l --vsock')).trim().split('\n')
    const found = lines.map(async (line) => {
      const [kind, , , , local = ''] = line.split(/\s+/)
      const pid = /\bpid=(\d+)/.exec(line)?.[1]
      const unit =
        pid === undefined ? 'unknown' : (await this.run(`systemctl whoami ${pid}`)).trim()
      return `${kind} ${local.replace(/^(192\.168\.\d+)\.\d+%eth0:/, '$1.*:')} ${unit}`
    })
    return (await Promise.all(found)).toSorted()
  }

  /** Returns the exposure of the project's units according to systemd-analyze, 0 to 10. */
  async securityScores(): Promise<Record<string, number>> {
    const scores: Record<string, number> = {}
    for (const unit of ['oss-direct-upload.service', 'oss-direct-upload-fetch.service']) {
      const text = await this.run(`systemd-analyze security --no-pager ${unit}`)
      scores[unit] = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(text)?.[1])
    }
    return scores
  }

  /** Returns the id of the server's user. */
  async serverUser(): Promise<number> {
    const pid = await this.property('oss-direct-upload', 'MainPID')
    return Number((await this.run(`stat --format=%u /proc/${pid}`)).trim())
  }

  /** Returns the files on the disk, journal included, that contain a text. */
  async filesWith(text: string): Promise<string[]> {
    const script = `grep --recursive --files-with-matches --fixed-strings --devices=skip -e '${text}' /etc /home /opt /root /srv /tmp /usr /var || true`
    return (await this.run(script)).split('\n').filter(Boolean)
  }

  /** Returns a report on the time that the boot took. */
  bootTimes(): Promise<string> {
    return this.run(
      'systemd-analyze; systemd-analyze critical-chain --no-pager oss-direct-upload.service',
    )
  }
}
