// Random texts: such as can be derived from a rule, and such as come of them by a small change.

// A generator that gives the same numbers for the same seed (Marsaglia's xorshift32).
export function randomNumbers (seed) {
  let state = seed
  return function below (bound) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

// below: of randomNumbers(). depth bounds the length: repetitions get shorter on the way down.
export function derive (grammar, name, below, depth = 0) {
  function text (node) {
    switch (node.type) {
      case 'range': return String.fromCharCode(node.low + below(node.high - node.low + 1))
      case 'octets': return node.octets.map((octet) => {
        const character = String.fromCharCode(octet)
        return node.anyCase && below(2) ? character.toUpperCase() : character
      }).join('')
      case 'choice': return text(node.children[below(node.children.length)])
      case 'sequence': return node.children.map(text).join('')
      case 'repetition': {
        // White space and the like seldom, as a text has many places for it.
        const more = below(depth > 1 ? 3 : 2) ? 0 : 1 + below(depth > 1 ? 3 : 5)
        return Array.from({ length: Math.min(node.max, node.min + more) }, () => text(node.child)).join('')
      }
      case 'rule': return derive(grammar, node.name, below, depth + 1)
    }
  }
  return text(grammar.get(name))
}

const NASTY = ['\0', '\t', '\n', '\r', '\r\n', '\r\n ', ' ', ';', ';;', '=', '==', ':', '.', '-', '_', '"', '*', '+', '/',
  'A', 'a', 'b', 'd', 'p', 's', 'v', '0', '1', '[', ']', '~', '\x7F', '\x80', '\xFF']

// One place changed, taken out, doubled, or something put there.
export function mutate (text, below) {
  const place = below(text.length + 1)
  const nasty = NASTY[below(NASTY.length)]
  switch (below(5)) {
    case 0: return text.slice(0, place) + nasty + text.slice(place)
    case 1: return text.slice(0, place) + nasty + text.slice(place + 1)
    case 2: return text.slice(0, place) + text.slice(place + 1 + below(4))
    case 3: return text.slice(0, place) + text.slice(below(place + 1))
    default: return text.slice(0, place) + text.slice(place).toUpperCase()
  }
}
