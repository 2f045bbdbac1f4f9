// node generate.js DRAFT.md CASES.json OUT.json: writes cases as in CASES.json, made at random from the draft's grammar, and
// always the same ones.
// Half of them were changed at one place.
import { writeFileSync } from 'node:fs'
import { readCases } from './cases.js'
import { readGrammar } from './grammar.js'
import { matches } from './matcher.js'
import { accepted, RULES } from './meaning.js'
import { derive, mutate, randomNumbers } from './sentences.js'

const SEED = 4422
const TEXTS = 500 // of each rule
const LONGEST = 1000

// A text derived at random seldom has the tags that must be there. So most have one of each, and some more.
const PARTS = {
  credential: { needed: ['d-tag', 'b-tag'], more: 'tag-field' },
  'key-record': { needed: ['p-tag'], more: 'usable-field' },
  challenge: { needed: ['c-tag', 't-tag'], more: 'challenge-tag' }
}

const [draft, path, out] = process.argv.slice(2)
const grammar = readGrammar(draft)
const { keys } = readCases(path)
const below = randomNumbers(SEED)
const any = (list) => list[below(list.length)]

// No random base64 is a key.
const withKey = (tag) => `${tag.slice(0, tag.indexOf('=') + 1)}${any([...keys.keys()])}`

function compose ({ needed, more }) {
  const parts = needed.map((rule) => derive(grammar, rule, below))
    .map((tag) => needed[0] === 'p-tag' && below(10) ? withKey(tag) : tag)
  for (let count = below(4); count > 0; --count) parts.splice(below(parts.length + 1), 0, derive(grammar, more, below))
  if (needed[0] === 'p-tag' && below(2)) parts.unshift(derive(grammar, 'v-tag', below))
  return parts.join(';')
}

function text (rule) {
  const sentence = PARTS[rule] && below(4) ? compose(PARTS[rule]) : derive(grammar, rule, below)
  return below(2) ? mutate(sentence, below) : sentence
}

// An RSA key with another digit in it may still be one; nobody but a parser of keys can tell.
const undecided = (rule, sentence) => rule === 'key-record' && sentence.length > 100 &&
  ![...keys.keys()].some((key) => sentence.includes(key))

const cases = []
for (const rule of RULES) {
  for (let made = 0; made < TEXTS;) {
    const sentence = text(rule)
    if (sentence.length > LONGEST || undecided(rule, sentence)) continue
    const taken = matches(grammar, rule, sentence)
    const parser = taken && accepted(rule, sentence, keys)
    cases.push({ rule, text: sentence, grammar: taken, parser, note: `random ${++made}` })
  }
}
const few = (wanted) => RULES.filter((rule) =>
  cases.filter((one) => one.rule === rule && one.parser === wanted).length < TEXTS / 10)
for (const wanted of [true, false]) {
  if (few(wanted).length) throw new Error(`hardly any text is ${wanted ? 'accepted' : 'refused'} for ${few(wanted)}`)
}
writeFileSync(out, JSON.stringify({ keys: {}, cases }, null, 1))
console.log(`ABNF: ${cases.length} random cases, ${cases.filter(({ parser }) => parser).length} to be accepted`)
