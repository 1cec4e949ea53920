/** `bare-busboy-process.ts PORT FOLDER`: parses forms and writes their files. */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { Busboy } from '@fastify/busboy'

const [port = '0', folder = '.'] = process.argv.slice(2)
const server = createServer((request, response) => {
  const type = request.headers['content-type']
  if (type === undefined) {
    response.writeHead(400).end()
    return
  }
  const parser = new Busboy({ headers: { 'content-type': type } })
  parser.on('file', (_name, stream) => {
    const file = createWriteStream(join(folder, randomUUID()))
    stream.pipe(file).on('finish', () => response.writeHead(200).end())
  })
  request.pipe(parser)
})
server.requestTimeout = 0
server.listen(Number(port), '127.0.0.1')
