import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { PARTS, type Part, partOfFile, resolveOwn } from '../../../scripts/pack/parts.ts'
import { publishedManifest } from '../../../scripts/pack/published-manifest.ts'

function part(manifest: Partial<Part['manifest']>): Part {
  const name = '@oss-direct-upload/example'
  return {
    folder: 'app/example',
    manifest: { name, description: 'An example', license: 'Apache-2.0', ...manifest },
  }
}

const example = part({
  exports: { '.': './index.ts', './sub': './folder/sub.ts' },
  dependencies: {
    '@oss-direct-upload/retry': '*',
    '@oss-direct-upload/signing': '*',
    '@types/express': '5.0.6',
    zod: '4.6.7',
  },
  devDependencies: { '@oss-direct-upload/page-build': '*' },
  peerDependencies: { express: '^5.3.0' },
  publishConfig: { bin: { example: './main.ts' } },
})
const imports = ['@oss-direct-upload/signing', 'express', 'node:fs', 'zod']

test('a package names compiled files, ranges, and no part that is not published', () => {
  expect(publishedManifest(example, new Set(imports))).toEqual({
    name: '@oss-direct-upload/example',
    version: packageJson.version,
    description: 'An example',
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=22.12' },
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './sub': { types: './dist/folder/sub.d.ts', default: './dist/folder/sub.js' },
      './package.json': './package.json',
    },
    bin: { example: './dist/main.js' },
    dependencies: {
      '@oss-direct-upload/signing': packageJson.version,
      '@types/express': '^5.0.6',
      zod: '^4.6.7',
    },
    peerDependencies: { express: '^5.3.0' },
    publishConfig: { access: 'public' },
  })
})

test('a package that imports what it does not declare, or declares what it does not import, is not packed', () => {
  const name = '@oss-direct-upload/example'
  expect(() => publishedManifest(example, new Set([...imports, 'pino']))).toThrow(
    new Error(`${name}: missing dependencies [pino], unused dependencies []`),
  )
  expect(() => publishedManifest(example, new Set(imports.slice(0, 3)))).toThrow(
    new Error(`${name}: missing dependencies [], unused dependencies [zod]`),
  )
})

test('an import of a part leads to its source, and only to what the part exports', () => {
  expect(resolveOwn('@oss-direct-upload/process/listen')?.file).toBe('app/process/listen.ts')
  expect(resolveOwn('@oss-direct-upload/server/fetch')?.file).toBe('app/server/fetch-handler.ts')
  expect(resolveOwn('express')).toBe(undefined)
  expect(() => resolveOwn('@oss-direct-upload/signing/post-form')).toThrow(
    new Error('@oss-direct-upload/signing does not export ./post-form'),
  )
})

test('a file belongs to the innermost part', () => {
  expect(partOfFile('app/client/uploader/xhr.ts')?.folder).toBe('app/client/uploader')
  expect(partOfFile('test/run.ts')).toBe(undefined)
  expect(PARTS.length).toBeGreaterThan(10)
})
