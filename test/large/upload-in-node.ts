/**
 * Uploads a sparse file with the page's own code and prints, as JSON, what became of it and how
 * much memory it took. Arguments: server's address, file, stretches of time to tell of.
 */
import { uploadMultipart } from '../../app/client/uploader/multipart/resume-or-start.ts'
import { openSlice } from './file-slice.ts'
import { watchMemory } from './memory-watch.ts'
import { multipartInput } from './node-platform.ts'

const [serverUrl = '', path = '', stretches = '1'] = process.argv.slice(2)
const data = await openSlice(path)
const memory = watchMemory()
const began = performance.now()
const stored = await uploadMultipart(multipartInput(serverUrl, data))
const seconds = (performance.now() - began) / 1000
const { start } = memory
console.log(JSON.stringify({ ...stored, seconds, start, peaks: memory.peaks(Number(stretches)) }))
