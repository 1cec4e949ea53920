import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import type { MachineRoom } from '../machine/datacenter.ts'

/** The certificate that is shown at an address, whoever it is from. */
export async function shownCertificate(room: MachineRoom, eip: string): Promise<X509Certificate> {
  const socket = await room.wire({ eip, instanceId: '', port: 443 })
  const connection = connect({ socket, rejectUnauthorized: false })
  try {
    await once(connection, 'secureConnect')
    const certificate = connection.getPeerX509Certificate()
    if (!certificate) throw new Error(`${eip} shows no certificate`)
    return certificate
  } finally {
    connection.destroy()
  }
}
