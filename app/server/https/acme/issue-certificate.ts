import { setTimeout as sleep } from 'node:timers/promises'
import { type Authorization, Client, crypto, type Order } from 'acme-client'
import { identifierOf } from '../certificate-name.ts'
import { AcmeError, problemError } from './acme-error.ts'
import type { ChallengeAnswers } from './http-01-challenges.ts'
import { useOwnTransport } from './transport.ts'

/** An account with a certificate authority; without `url` it is still to be opened. */
export interface AcmeAccount {
  /** PEM of its private key. */
  key: string
  url?: string
}

export interface IssueRequest {
  /** Address of the authority's directory. */
  directory: string
  /** Such as `shortlived`; undefined leaves the choice to the authority. */
  profile: string | undefined
  /** IPv4 address or host name. */
  name: string
  account: AcmeAccount
  /** Answers what the authority asks on the http port. */
  answers: ChallengeAnswers
  /** Id of the certificate that this one takes the place of (RFC 9773, 5). */
  replaces?: string
  /** Told of the account's address, when it was opened. */
  onAccount: (url: string) => Promise<void>
  /** Milliseconds between two looks at what the authority is doing. @default 1000 */
  lookEvery?: number
}

/** Milliseconds that the authority may take to validate and to issue. */
const PATIENCE = 180_000

useOwnTransport()

/**
 * Orders one certificate, its challenge answered by http-01, with a new key. The identifier stands in
 * the order and as subjectAltName in the request; the subject is empty, as profile `shortlived` wants.
 *
 * @returns PEM of key and chain
 * @throws AcmeError
 */
export async function issueCertificate(
  request: IssueRequest,
): Promise<{ key: string; chain: string }> {
  const client = await openAccount(request)
  const wait = pacer(request.lookEvery ?? 1000)
  let order = await placeOrder(client, request)
  await Promise.all(
    (await client.getAuthorizations(order)).map((authorization) =>
      prove(client, order, authorization, request.answers, wait),
    ),
  )
  order = await until(client, order, ['ready', 'valid'], wait)
  const key = await crypto.createPrivateEcdsaKey()
  const [, csr] = await crypto.createCsr({ altNames: [request.name] }, key)
  order = await client.finalizeOrder(order, csr)
  order = await until(client, order, ['valid'], wait)
  return { key: key.toString(), chain: await client.getCertificate(order) }
}

async function openAccount(request: IssueRequest): Promise<Client> {
  const { account, directory, onAccount } = request
  const client = new Client({
    directoryUrl: directory,
    accountKey: account.key,
    ...(account.url === undefined ? {} : { accountUrl: account.url }),
  })
  if (account.url === undefined) {
    await client.createAccount({ termsOfServiceAgreed: true }).catch((error: unknown) => {
      // One that is there already it also changes, which authorities may refuse; it is known then.
      if (!hasAccount(client)) throw error
    })
    await onAccount(client.getAccountUrl())
  }
  return client
}

function hasAccount(client: Client): boolean {
  try {
    return client.getAccountUrl() !== ''
  } catch {
    return false
  }
}

async function placeOrder(client: Client, request: IssueRequest): Promise<Order> {
  const { profile, replaces, name } = request
  const order = {
    identifiers: [identifierOf(name)],
    ...(profile === undefined ? {} : { profile }),
  }
  if (replaces === undefined) return client.createOrder(order)
  try {
    const replacing = { ...order, replaces }
    return await client.createOrder(replacing)
  } catch (error) {
    // Replaced by another instance, or not known there any more.
    if (error instanceof AcmeError && error.reason !== 'rateLimited') {
      return client.createOrder(order)
    }
    throw error
  }
}

async function prove(
  client: Client,
  order: Order,
  authorization: Authorization,
  answers: ChallengeAnswers,
  wait: () => Promise<void>,
): Promise<void> {
  if (authorization.status === 'valid') return
  const challenge = authorization.challenges.find(({ type }) => type === 'http-01')
  if (challenge === undefined || challenge.type !== 'http-01') {
    throw new AcmeError('refused', 'it offers no challenge that is answered over http')
  }
  answers.set(challenge.token, await client.getChallengeKeyAuthorization(challenge))
  try {
    await client.completeChallenge(challenge)
    for (;;) {
      const now = (await client.getAuthorizations(order)).find((a) => a.url === authorization.url)
      if (now?.status === 'valid') return
      if (now?.status !== 'pending') {
        const failed = now?.challenges.find(({ error }) => error !== undefined)
        throw problemError(failed?.error, undefined, true)
      }
      await wait()
    }
  } finally {
    answers.delete(challenge.token)
  }
}

async function until(
  client: Client,
  order: Order,
  statuses: readonly Order['status'][],
  wait: () => Promise<void>,
): Promise<Order> {
  let now = order
  for (;;) {
    if (statuses.includes(now.status)) return now
    if (now.status === 'invalid') throw problemError(now.error, undefined, true)
    await wait()
    now = await client.getOrder(now)
  }
}

function pacer(milliseconds: number): () => Promise<void> {
  const end = performance.now() + PATIENCE
  return async () => {
    if (performance.now() > end) {
      throw new AcmeError('caUnreachable', `it is not done after ${PATIENCE / 1000} s`)
    }
    await sleep(milliseconds)
  }
}
