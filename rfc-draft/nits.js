// node nits.js DRAFT.xml: runs the IETF's own checks of drafts, those that need no network. Errors and warnings fail;
// its comments are on house style, and are not shown.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packages } from './packages.js'

const { checkNits } = await import(pathToFileURL(packages.resolve('@ietf-tools/idnits')).href)

const path = process.argv[2]
const nits = await checkNits(readFileSync(path), basename(path), { offline: true })
const findings = nits.filter(({ constructor, name }) =>
  // Whether the draft is from this week is not a property of the draft.
  constructor.name !== 'ValidationComment' && !name.startsWith('DOC_DATE_'))
for (const { name, message, path: place } of findings) {
  console.error(`${path}: ${name}: ${message}${place ? ` (${place})` : ''}`)
}
process.exitCode = findings.length ? 1 : 0
