// Checked before the import: an older Node cannot load the program's TypeScript.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  const { RunError } = await import('@pulumi/pulumi')
  throw new RunError(
    `Node ${process.versions.node} is too old for this program, which needs 22.18 or newer. ` +
      'Run "npm run up" (or "npm run preview", "npm run destroy"): it brings a newer one along.',
  )
}

const { useEnvironmentProxy } = await import('./identity/environment-proxy.ts')
await useEnvironmentProxy()

// Node caches its compiled code beside the packed app: the next start is a third of a second faster.
const { enableCompileCache } = await import('node:module')
const { fileURLToPath } = await import('node:url')
const cache = new URL('../node_modules/.cache/oss-direct-upload/compiled', import.meta.url)
enableCompileCache(fileURLToPath(cache))

// The engine warns about undefined outputs, which a single server and a fleet have.
const outputs = Object.entries(await import('./index.ts'))
export default Object.fromEntries(outputs.filter(([, output]) => output !== undefined))
