import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { startEmbedded } from '../../large/embedded-large.ts'
import { documents, markdownParts, readText } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Returns the TypeScript blocks of all documents, each as a file at the repository's root. */
async function samples(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const path of await documents()) {
    const blocks = markdownParts(await readText(path)).filter(({ language }) => language === 'ts')
    for (const [index, { text }] of blocks.entries()) {
      found.set(join(ROOT, `${path.replaceAll('/', '-')}-${index + 1}.ts`), text)
    }
  }
  return found
}

/** Returns the errors of the compiler in these files, under the repository's options. */
function compilerErrors(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.getSourceFile = (name, settings, ...rest) => {
    const text = files.get(name)
    return text === undefined
      ? getSourceFile(name, settings, ...rest)
      : ts.createSourceFile(name, text, settings)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) =>
        `${name.slice(ROOT.length)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
  })
}

test('the TypeScript samples compile, and a wrong one would not', async () => {
  const found = await samples()
  expect(found.size).toBeGreaterThanOrEqual(4)
  const wrong = join(ROOT, 'wrong.ts')
  const text =
    "import { UploadBucket } from './infra/storage/upload-bucket.ts'\nnew UploadBucket('a', {})\n"
  expect(compilerErrors(new Map([...found, [wrong, text]]))).toEqual([
    expect.stringMatching(/^wrong\.ts: Argument of type '\{\}' is not assignable/),
  ])
}, 180_000)

test('the documented uploader uploads, and reports errors', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uploader-'))
  const embedded = await startEmbedded(join(folder, 'oss'), () => ({ allowedTypes: ['.txt'] }))
  try {
    const code = markdownParts(await readText('docs/parts.md')).find(({ text }) =>
      text.startsWith('export async function upload('),
    )
    const path = join(folder, 'upload.ts')
    await writeFile(path, code?.text ?? '')
    const { upload } = (await import(pathToFileURL(path).href)) as {
      upload: (serverUrl: string, file: File) => Promise<string>
    }
    const file = new File(['hello'], '你好 1.txt', { type: 'text/plain' })
    const key = await upload(embedded.serverUrl, file)
    expect(key).toBe('upload/你好 1.txt')
    const object = await embedded.oss.store.find('large-bucket')?.objects.open(key)
    let stored = ''
    for await (const chunk of object?.stream() ?? []) stored += String(chunk)
    expect(stored).toBe('hello')
    await expect(upload(embedded.serverUrl, file)).rejects.toThrow('FileAlreadyExists')
    const other = new File(['x'], 'a.exe')
    await expect(upload(embedded.serverUrl, other)).rejects.toThrow('TypeNotAllowed')
  } finally {
    await embedded.close()
    await rm(folder, { recursive: true })
  }
})
