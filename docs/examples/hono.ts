import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { sign } from './sign.ts'

const app = new Hono()
app.all('/upload/:endpoint', (context) => sign(context.req.raw))
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) })
