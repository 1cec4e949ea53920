import type { CloudEndpoints } from './cloud-endpoints.ts'
import { serveCloud } from './cloud-endpoints.ts'
import type { Internet } from './internet.ts'
import { MetadataService } from './metadata-service.ts'
import type { MetadataSource } from './metadata-tree.ts'
import type { Outage } from './nftables-rules.ts'
import { type HttpService, serveHttp } from './serve-connections.ts'
import { addressPlan, VirtualSwitch } from './virtual-switch.ts'

export interface VSwitchPoolOptions {
  run: string
  /** For files of the vSwitches. */
  folder: string
  internet: Internet
  cloud: CloudEndpoints
  /** Returns the metadata of the instance that has this private address. */
  metadataOf(vSwitch: VirtualSwitch, address: string): MetadataSource | undefined
}

/**
 * The vSwitches of a datacenter, each made when its first instance starts, with the cloud's internal
 * endpoints and the metadata service in it.
 */
export class VSwitchPool {
  readonly #options: VSwitchPoolOptions
  readonly #vSwitches = new Map<string, Promise<VirtualSwitch>>()
  readonly #services: HttpService[] = []
  readonly #outages = new Set<Outage>()

  constructor(options: VSwitchPoolOptions) {
    this.#options = options
  }

  /** Returns a vSwitch. @param privateIp An address in it, which decides its network */
  get(vSwitchId: string, privateIp: string): Promise<VirtualSwitch> {
    let vSwitch = this.#vSwitches.get(vSwitchId)
    if (!vSwitch) {
      vSwitch = this.#make(privateIp)
      this.#vSwitches.set(vSwitchId, vSwitch)
    }
    return vSwitch
  }

  /** Starts or ends an outage in all vSwitches, present and future. */
  async setOutage(outage: Outage, down: boolean): Promise<void> {
    if (down) this.#outages.add(outage)
    else this.#outages.delete(outage)
    for (const vSwitch of this.#vSwitches.values()) await (await vSwitch).setOutage(outage, down)
  }

  async close(): Promise<void> {
    for (const service of this.#services) service.close()
    for (const vSwitch of this.#vSwitches.values()) await (await vSwitch).close()
  }

  async #make(privateIp: string): Promise<VirtualSwitch> {
    const { run, folder, internet, cloud, metadataOf } = this.#options
    const namespace = `${run}-vsw${this.#vSwitches.size}`
    const vSwitch = await VirtualSwitch.make(namespace, addressPlan(privateIp), internet, folder)
    const { metadata, plain, tls } = await vSwitch.listen()
    const service = new MetadataService((address) => metadataOf(vSwitch, address))
    this.#services.push(
      serveHttp(metadata, (request, response) => service.handle(request, response)),
      serveCloud(plain, cloud, { secure: false, network: 'vpc' }),
      serveCloud(tls, cloud, { secure: true, network: 'vpc' }),
    )
    for (const outage of this.#outages) await vSwitch.setOutage(outage, true)
    return vSwitch
  }
}
