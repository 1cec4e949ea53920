/** `throwaway-process.ts PORT`: reads requests and frees their memory immediately. */
import { createServer } from 'node:http'

const [port = '0'] = process.argv.slice(2)
const server = createServer((request, response) => {
  request.on('data', ({ buffer, byteLength }: Buffer) => {
    if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
  })
  // The page that posts has another origin.
  request.on('end', () => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end())
})
server.requestTimeout = 0
server.listen(Number(port), '127.0.0.1')
