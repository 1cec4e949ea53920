import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Datacenter } from '../machine/datacenter.ts'

/** Returns the certificate that an address serves, trusted or not. */
export async function servedCertificate(
  datacenter: Datacenter,
  eip: string,
): Promise<X509Certificate> {
  const socket = await datacenter.wire({ eip, instanceId: '', port: 443 })
  const connection = connect({ socket, rejectUnauthorized: false })
  try {
    await once(connection, 'secureConnect')
    const certificate = connection.getPeerX509Certificate()
    if (!certificate) throw new Error(`${eip} serves no certificate`)
    return certificate
  } finally {
    connection.destroy()
  }
}
