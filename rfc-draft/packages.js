// The packages of package-lock.json do not stand beside these programs, but where make put them.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.env.TECS_NODE_MODULES ?? fileURLToPath(new URL('generated/node_modules', import.meta.url))

export const packages = createRequire(resolve(folder, 'index.js'))
