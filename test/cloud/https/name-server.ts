import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

const HEADER_BYTES = 12
const TYPE_A = 1

/** A name server that has one record for every name: the address 127.0.0.1. */
export interface NameServer {
  /** `127.0.0.1:port`, for queries over TCP, which Pebble sends. */
  address: string
  close(): Promise<void>
}

/** Starts the name server. Message format: RFC 1035, 4. */
export async function startNameServer(): Promise<NameServer> {
  const server = createServer((socket) => {
    let read = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      read = Buffer.concat([read, bytes])
      while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
        const end = 2 + read.readUInt16BE(0)
        const response = responseTo(read.subarray(2, end))
        const length = Buffer.alloc(2)
        length.writeUInt16BE(response.length)
        socket.write(Buffer.concat([length, response]))
        read = read.subarray(end)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

function responseTo(query: Buffer): Buffer {
  let end = HEADER_BYTES
  while ((query[end] ?? 0) !== 0) end += (query[end] ?? 0) + 1
  const question = query.subarray(HEADER_BYTES, end + 5)
  const isAddress = query.readUInt16BE(end + 1) === TYPE_A
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  // A response, recursion desired and available, no error.
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(isAddress ? 1 : 0, 6)
  // The name of the question, type A, class IN, a second, four bytes.
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1])
  return Buffer.concat([header, question, ...(isAddress ? [record] : [])])
}
