import './page.css'

// The rest is loaded after the first paint, which does not need it.
const { startPage } = await import('./start.ts')
await startPage()
