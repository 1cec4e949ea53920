/**
 * Uploads a file with the page's uploader and prints, as JSON, the result and the memory that it took.
 * Arguments: address of the signing server, file, number of intervals for the peaks of memory.
 */
import { uploadMultipart } from '../../app/client/uploader/multipart/resume-or-start.ts'
import { openSlice } from './file-slice.ts'
import { watchMemory } from './memory-watch.ts'
import { multipartInput } from './node-platform.ts'

const [serverUrl = '', path = '', intervals = '1'] = process.argv.slice(2)
const data = await openSlice(path)
const memory = watchMemory()
const started = performance.now()
const stored = await uploadMultipart(multipartInput(serverUrl, data))
const seconds = (performance.now() - started) / 1000
const { start } = memory
console.log(JSON.stringify({ ...stored, seconds, start, peaks: memory.peaks(Number(intervals)) }))
