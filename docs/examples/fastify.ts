import Fastify from 'fastify'
import { sign } from './sign.ts'

const app = Fastify()
app.all('/upload/:endpoint', async (request, reply) => {
  const { method, url, protocol, host, headers, body } = request
  const init = { method, headers: headers as HeadersInit }
  const withBody = body === undefined ? init : { ...init, body: JSON.stringify(body) }
  return reply.send(await sign(new Request(`${protocol}://${host}${url}`, withBody)))
})
await app.listen({ port: Number(process.env.PORT ?? 3000) })
