import { createRoot } from 'react-dom/client'
import { Uploads } from './uploads'

createRoot(document.body).render(<Uploads />)
