/**
 * Uploads a sparse file with the page's own code and prints, as JSON, what became of it and how
 * much memory it took. Arguments: server's address, file.
 */
import { uploadInParts } from '../../app/client/parts/upload-in-parts.ts'
import { openSlice } from './file-slice.ts'
import { partsInput } from './node-platform.ts'

const [serverUrl = '', path = ''] = process.argv.slice(2)
const data = await openSlice(path)
const start = process.memoryUsage.rss()
let most = start
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 50)
const began = performance.now()
const stored = await uploadInParts(partsInput(serverUrl, data))
clearInterval(watch)
const seconds = (performance.now() - began) / 1000
console.log(JSON.stringify({ ...stored, seconds, start, most }))
