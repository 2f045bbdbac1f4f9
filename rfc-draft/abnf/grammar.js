// The grammar of the draft: its ABNF blocks, read by APG, as rules that can be matched and derived from.
import { readFileSync } from 'node:fs'
import { packages } from '../packages.js'

const { apgApi: Apg, apgLib } = packages('apg-js')
const { ALT, CAT, REP, RNM, TRG, TBS, TLS } = apgLib.ids

// The core rules that the draft takes from RFC 5234 appendix B.1.
const CORE = ['ALPHA = %x41-5A / %x61-7A', 'DIGIT = %x30-39', 'HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"',
  'WSP = %x20 / %x09', 'CRLF = %x0D.0A']

// Where a text begins: what a sender writes, and what the draft's words say is the common form.
export const START_RULES = ['tag-list', 'credential', 'key-record', 'challenge']

function blocks (markdown) {
  return [...markdown.matchAll(/^~~~ abnf\n(.*?)^~~~$/gms)].map((block) => block[1])
}

// One operation of a rule, with those below it: { type, children | child, min, max | low, high | octets, anyCase | rule }.
function operation (opcodes, index, rules) {
  const code = opcodes[index]
  const at = (place) => operation(opcodes, place, rules)
  switch (code.type) {
    case ALT: return { type: 'choice', children: code.children.map(at) }
    case CAT: return { type: 'sequence', children: code.children.map(at) }
    case REP: return { type: 'repetition', min: code.min, max: code.max, child: at(index + 1) }
    case RNM: return { type: 'rule', name: rules[code.index].lower }
    case TRG: return { type: 'range', low: code.min, high: code.max }
    case TBS: return { type: 'octets', octets: code.string, anyCase: false }
    case TLS: return { type: 'octets', octets: code.string, anyCase: true }
    default: throw new Error(`the grammar uses what RFC 5234 does not have (APG's operation ${code.type})`)
  }
}

function names (node) {
  if (node.type === 'rule') return [node.name]
  if (node.child) return names(node.child)
  return (node.children ?? []).flatMap(names)
}

function reachable (grammar) {
  const reached = new Set()
  const pending = [...START_RULES]
  while (pending.length) {
    const name = pending.pop()
    if (reached.has(name)) continue
    reached.add(name)
    pending.push(...names(grammar.get(name)))
  }
  return reached
}

// Returns a Map from the name of each rule to its operation. Throws an Error that says what is wrong with the grammar:
// syntax, rules that are undefined, defined twice or never used, left recursion.
export function readGrammar (path) {
  const own = blocks(readFileSync(path, 'latin1'))
  if (own.length === 0) throw new Error(`${path} has no ABNF block`)
  const text = own.join('') + CORE.map((rule) => rule + '\n').join('')
  const apg = new Apg(text.replaceAll('\n', '\r\n'))
  apg.generate(true) // strictly RFC 5234, without APG's extensions
  if (apg.errors.length) {
    const recursion = apg.rules ? apg.displayAttributeErrors() : ''
    throw new Error(`the grammar has errors\n${apg.errorsToAscii()}${recursion}`)
  }

  const { rules } = apg.toObject()
  const grammar = new Map(rules.map((rule) => [rule.lower, operation(rule.opcodes, 0, rules)]))
  for (const name of START_RULES) if (!grammar.has(name)) throw new Error(`the grammar has no rule ${name}`)
  const used = reachable(grammar)
  const unused = rules.map((rule) => rule.lower).filter((name) => !used.has(name))
  if (unused.length) throw new Error(`no rule leads to ${unused.join(', ')}`)
  // A name is the same in any case (RFC 5234 section 2.1); a reader wants to find it as it was defined.
  const defined = new Map(rules.map(({ name, lower }) => [lower, name]))
  for (const [word] of text.replace(/;.*$|"[^"\n]*"|%x\S*/gm, '').matchAll(/[A-Z][A-Z0-9-]*/gi)) {
    const name = defined.get(word.toLowerCase())
    if (name !== word) throw new Error(`${name} is written ${word} elsewhere`)
  }
  return grammar
}
