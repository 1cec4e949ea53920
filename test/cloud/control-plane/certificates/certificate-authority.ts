import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import * as der from './der.ts'

const DAY = 24 * 60 * 60 * 1000

/** Key and chain of a server, PEM. */
export interface ServerCertificate {
  key: string
  cert: string
}

interface Subject {
  name: string
  publicKey: KeyObject
  extensions: Buffer[]
}

/**
 * A certificate authority made for one run: ECDSA P-256, its key never leaves the process.
 * Source: RFC 5280.
 */
export class CertificateAuthority {
  /** PEM; clients have to trust it. */
  readonly certificate: string
  readonly #now: number
  readonly #name = 'Simulated Cloud Test CA'
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  /** Shared by all servers. */
  readonly #serverKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #issued = new Map<string, ServerCertificate>()

  /** @param now Certificates are good from the day before until 90 days after it */
  constructor(now: number = Date.now()) {
    this.#now = now
    this.certificate = this.#sign({
      name: this.#name,
      publicKey: this.#keys.publicKey,
      extensions: [
        extension('2.5.29.19', true, der.sequence(der.boolean(true))),
        // keyCertSign and cRLSign.
        extension('2.5.29.15', true, der.bitString(Buffer.from([0x06]), 1)),
        extension('2.5.29.14', false, der.octetString(keyIdentifier(this.#keys.publicKey))),
      ],
    })
  }

  /** A certificate for one host name or address; the same for the same name. */
  issue(name: string): ServerCertificate {
    const known = this.#issued.get(name)
    if (known) return known
    const certificate = this.#sign({
      name: name.slice(0, 64),
      publicKey: this.#serverKeys.publicKey,
      extensions: [
        extension('2.5.29.17', false, der.sequence(alternativeName(name))),
        // digitalSignature, for servers.
        extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
        extension('2.5.29.37', false, der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))),
        extension(
          '2.5.29.35',
          false,
          der.sequence(der.implicit(0, keyIdentifier(this.#keys.publicKey))),
        ),
      ],
    })
    const key = this.#serverKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const issued = { key, cert: certificate + this.certificate }
    this.#issued.set(name, issued)
    return issued
  }

  #sign(subject: Subject): string {
    // ecdsa-with-SHA256
    const algorithm = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
    const unsigned = der.sequence(
      der.explicit(0, der.integer(Buffer.from([2]))),
      der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      algorithm,
      distinguishedName(this.#name),
      der.sequence(der.time(this.#now - DAY), der.time(this.#now + 90 * DAY)),
      distinguishedName(subject.name),
      subject.publicKey.export({ type: 'spki', format: 'der' }),
      der.explicit(3, der.sequence(...subject.extensions)),
    )
    const signature = sign('sha256', unsigned, this.#keys.privateKey)
    const certificate = der.sequence(unsigned, algorithm, der.bitString(signature))
    const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  }
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String(commonName))
  return der.sequence(der.set(attribute))
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return der.sequence(
    der.objectIdentifier(id),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  )
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 4) return der.implicit(7, Buffer.from(name.split('.').map(Number)))
  return der.implicit(2, Buffer.from(name, 'ascii'))
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}
