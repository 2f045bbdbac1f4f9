// node check.js DRAFT.md CASES.json: checks that the draft's grammar is whole, and that it takes and refuses what it should.
import { readCases } from './cases.js'
import { readGrammar } from './grammar.js'
import { matches } from './matcher.js'
import { accepted, RULES } from './meaning.js'

function findings (grammar, { keys, cases }) {
  return cases.flatMap(({ rule, text, grammar: taken, parser, note }) => {
    const wrong = []
    const name = `${rule} ${JSON.stringify(text.slice(0, 200))} (${note})`
    if (!RULES.includes(rule)) return [`no case can be about ${rule}`]
    if (matches(grammar, rule, text) !== taken) wrong.push(`the grammar ${taken ? 'refuses' : 'takes'} ${name}`)
    const whole = taken && accepted(rule, text, keys)
    if (whole !== parser) wrong.push(`the rules beside the grammar ${parser ? 'refuse' : 'take'} ${name}`)
    return wrong
  })
}

const [draft, path] = process.argv.slice(2)
try {
  const grammar = readGrammar(draft)
  const read = readCases(path)
  const wrong = findings(grammar, read)
  wrong.forEach((finding) => console.error(`${path}: ${finding}`))
  console.log(`ABNF: ${grammar.size} rules, ${read.cases.length} cases, ${wrong.length} wrong`)
  process.exitCode = wrong.length ? 1 : 0
} catch (error) {
  console.error(`${draft}: ${error.message}`)
  process.exitCode = 1
}
