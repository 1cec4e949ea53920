import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Serves these responses one after the other, then status 500. */
export async function serveAnswers(answers: [status: number, body: string][]): Promise<{
  origin: string
  /** Method, path and query of each request, without the signature. */
  requests: string[]
  /** Path and query of each request, with the signature. */
  urls: string[]
  close: () => void
}> {
  const requests: string[] = []
  const urls: string[] = []
  const server = createServer((request, response) => {
    request.resume()
    urls.push(request.url ?? '')
    requests.push(`${request.method} ${(request.url ?? '').split(/[&?]x-oss/)[0]}`)
    const [status, body] = answers.shift() ?? [500, '']
    response.writeHead(status).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, requests, urls, close: () => server.close() }
}
