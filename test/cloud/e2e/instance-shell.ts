import { expect } from 'vitest'
import type { MachineRoom } from '../machine/datacenter.ts'

/** Root's shell on an instance. */
export class InstanceShell {
  readonly #room: MachineRoom
  readonly #instanceId: string

  constructor(room: MachineRoom, instanceId: string) {
    this.#room = room
    this.#instanceId = instanceId
  }

  /** What a script says; it has to end well and say nothing on standard error. */
  async run(script: string): Promise<string> {
    const result = await this.#room.exec(this.#instanceId, ['sh', '-c', script])
    expect({ script, ...result }).toEqual({ script, code: 0, stderr: '', stdout: result.stdout })
    return result.stdout
  }

  /** What the server has logged, a line each. */
  log(): Promise<string> {
    return this.run('journalctl --unit oss-direct-upload --output cat --no-pager')
  }

  /** Of a unit of systemd. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.run(`systemctl show --property=${name} --value ${unit}`)).trim()
  }

  /**
   * What takes connections or datagrams from outside, as `tcp *:80 UNIT`, sorted; the instance's own
   * address without its last number.
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

  /** Exposure of the two units of the project, 0 to 10, as systemd-analyze has it. */
  async securityScores(): Promise<Record<string, number>> {
    const scores: Record<string, number> = {}
    for (const unit of ['oss-direct-upload.service', 'oss-direct-upload-fetch.service']) {
      const text = await this.run(`systemd-analyze security --no-pager ${unit}`)
      scores[unit] = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(text)?.[1])
    }
    return scores
  }

  /** Id of the user that the server runs as. */
  async serverUser(): Promise<number> {
    const pid = await this.property('oss-direct-upload', 'MainPID')
    return Number((await this.run(`stat --format=%u /proc/${pid}`)).trim())
  }

  /** Files of the disk that have a text in them, journal included. */
  async filesWith(text: string): Promise<string[]> {
    const script = `grep --recursive --files-with-matches --fixed-strings --devices=skip -e '${text}' /etc /home /opt /root /srv /tmp /usr /var || true`
    return (await this.run(script)).split('\n').filter(Boolean)
  }

  /** Where the time of the boot went: for people. */
  bootTimes(): Promise<string> {
    return this.run(
      'systemd-analyze; systemd-analyze critical-chain --no-pager oss-direct-upload.service',
    )
  }
}
