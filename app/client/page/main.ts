import './page.css'

// What the page shows at first needs none of the rest, and is not to wait for it.
const { startPage } = await import('./start.ts')
await startPage()
