// The cases of tests/draft/abnf_cases.json; tests/draft/README.md says what they are made of.
import { readFileSync } from 'node:fs'

const whole = (part) => typeof part === 'string' ? part : part.text.repeat(part.times)

export function readCases (path) {
  const { keys, cases } = JSON.parse(readFileSync(path, 'utf8'))
  return {
    keys: new Map(Object.entries(keys)),
    cases: cases.map(({ rule, text, grammar, parser = grammar, note }) =>
      ({ rule, text: [text].flat().map(whole).join(''), grammar, parser, note }))
  }
}
