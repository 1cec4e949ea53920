import { generateKeyPairSync, sign } from 'node:crypto'
import type { OidcProvider } from './oidc-provider.ts'

/** Claims of a token; `iss` is the issuer's own. */
export interface TokenClaims {
  aud: string
  sub: string
  /** Unix seconds. */
  exp: number
}

/** An identity provider outside the cloud, for example of a CI service, that issues OIDC tokens. */
export class OidcIssuer {
  readonly url: string
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

  constructor(url: string) {
    this.url = url
  }

  /** Returns what RAM stores about this issuer. */
  provider(name: string, clientIds: readonly string[]): OidcProvider {
    return { name, issuer: this.url, clientIds, publicKey: this.#keys.publicKey }
  }

  /** Returns a signed JSON Web Token. */
  issue(claims: TokenClaims): string {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: this.url, ...claims })}`
    return `${text}.${sign('sha256', Buffer.from(text), this.#keys.privateKey).toString('base64url')}`
  }
}
