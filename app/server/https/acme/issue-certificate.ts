import { isIPv4 } from 'node:net'
import { sleep } from '@oss-direct-upload/retry'
import { type Authorization, Client, crypto, type Order } from 'acme-client'
import type { AcmeAccount } from './account.ts'
import { AcmeError, problemError } from './acme-error.ts'
import type { Http01Challenges } from './http-01-challenges.ts'
import { replaceClientTransport } from './transport.ts'

export interface IssueRequest {
  /** URL of the authority's directory. */
  directory: string
  /** Such as `shortlived`; undefined leaves the choice to the authority. */
  profile: string | undefined
  /** IPv4 address or host name. */
  name: string
  account: AcmeAccount
  /** Responds to the authority on the http port. */
  challenges: Http01Challenges
  /** Id of the certificate that this one replaces (RFC 9773, 5). */
  replaces?: string
  /** Called with the URL of a newly registered account. */
  onAccount: (url: string) => Promise<void>
  /** Interval between two polls of the authority. @default 1000 */
  pollIntervalMs?: number
}

/** How long the authority may take to validate and to issue. */
const ISSUE_TIMEOUT_MS = 180_000

/** Calls `read` until it returns a value. @throws AcmeError when that takes too long */
type Poll = <T>(read: () => Promise<T | undefined>) => Promise<T>

replaceClientTransport()

/**
 * Orders one certificate with a new key and validates the name by http-01. The name is in the order
 * and in the subjectAltName of the request; the subject is empty, as profile `shortlived` requires.
 *
 * @returns PEM of key and chain
 * @throws AcmeError
 */
export async function issueCertificate(
  request: IssueRequest,
): Promise<{ key: string; chain: string }> {
  const client = await registeredClient(request)
  const poll = poller(request.pollIntervalMs ?? 1000)
  const order = await placeOrder(client, request)
  await Promise.all(
    (await client.getAuthorizations(order)).map((authorization) =>
      authorize(client, order, authorization, request.challenges, poll),
    ),
  )
  const ready = await waitForOrder(client, order, ['ready', 'valid'], poll)
  const key = await crypto.createPrivateEcdsaKey()
  const [, csr] = await crypto.createCsr({ altNames: [request.name] }, key)
  const finalized = await client.finalizeOrder(ready, csr)
  const valid = await waitForOrder(client, finalized, ['valid'], poll)
  return { key: key.toString(), chain: await client.getCertificate(valid) }
}

async function registeredClient({ account, directory, onAccount }: IssueRequest): Promise<Client> {
  const client = new Client({
    directoryUrl: directory,
    accountKey: account.key,
    ...(account.url === undefined ? {} : { accountUrl: account.url }),
  })
  if (account.url === undefined) {
    await client.createAccount({ termsOfServiceAgreed: true }).catch((error: unknown) => {
      // The client also updates an account that exists already, which an authority may refuse.
      if (!hasAccountUrl(client)) throw error
    })
    await onAccount(client.getAccountUrl())
  }
  return client
}

function hasAccountUrl(client: Client): boolean {
  try {
    return client.getAccountUrl() !== ''
  } catch {
    return false
  }
}

async function placeOrder(client: Client, request: IssueRequest): Promise<Order> {
  const { profile, replaces, name } = request
  const order = {
    // RFC 8555, 7.1.3; RFC 8738 for addresses.
    identifiers: [{ type: isIPv4(name) ? 'ip' : 'dns', value: name }],
    ...(profile === undefined ? {} : { profile }),
  }
  if (replaces === undefined) return client.createOrder(order)
  try {
    const replacement = { ...order, replaces }
    return await client.createOrder(replacement)
  } catch (error) {
    // Another instance has replaced it, or the authority no longer knows it.
    if (error instanceof AcmeError && error.reason !== 'rateLimited') {
      return client.createOrder(order)
    }
    throw error
  }
}

async function authorize(
  client: Client,
  order: Order,
  authorization: Authorization,
  challenges: Http01Challenges,
  poll: Poll,
): Promise<void> {
  if (authorization.status === 'valid') return
  const challenge = authorization.challenges.find(({ type }) => type === 'http-01')
  if (challenge === undefined || challenge.type !== 'http-01') {
    throw new AcmeError('refused', 'it offers no challenge that is answered over http')
  }
  challenges.add(challenge.token, await client.getChallengeKeyAuthorization(challenge))
  try {
    await client.completeChallenge(challenge)
    await poll(async () => {
      const all = await client.getAuthorizations(order)
      const current = all.find(({ url }) => url === authorization.url)
      if (current?.status === 'valid') return true
      if (current?.status === 'pending') return undefined
      const failed = current?.challenges.find(({ error }) => error !== undefined)
      throw problemError(failed?.error, undefined, true)
    })
  } finally {
    challenges.delete(challenge.token)
  }
}

async function waitForOrder(
  client: Client,
  order: Order,
  statuses: readonly Order['status'][],
  poll: Poll,
): Promise<Order> {
  return poll(async () => {
    const current = await client.getOrder(order)
    if (current.status === 'invalid') throw problemError(current.error, undefined, true)
    return statuses.includes(current.status) ? current : undefined
  })
}

function poller(intervalMs: number): Poll {
  const deadline = performance.now() + ISSUE_TIMEOUT_MS
  return async (read) => {
    for (;;) {
      const result = await read()
      if (result !== undefined) return result
      if (performance.now() > deadline) {
        throw new AcmeError('caUnreachable', `it is not done after ${ISSUE_TIMEOUT_MS / 1000} s`)
      }
      await sleep(intervalMs)
    }
  }
}
