import { createRoot } from 'react-dom/client'
import { Uploads } from './uploads'

createRoot(document.querySelector('#root') as HTMLElement).render(<Uploads />)
