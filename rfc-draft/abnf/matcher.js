// Says whether a text can be derived from a rule in any way at all, as the draft defines a match. Parsers that APG and others
// make from a grammar take the first alternative that fits and the longest repetition, which is another language.

const lower = (octet) => octet >= 0x41 && octet <= 0x5A ? octet + 0x20 : octet

// grammar: of readGrammar(). text: one character for each octet.
export function matches (grammar, name, text) {
  const octets = Buffer.from(text, 'latin1')
  const known = new Map()

  // All places at which what is derived from the operation can end, when it begins at the place from.
  function ends (node, from) {
    switch (node.type) {
      case 'range': return octets[from] >= node.low && octets[from] <= node.high ? [from + 1] : []
      case 'octets': return fits(node, from) ? [from + node.octets.length] : []
      case 'choice': return [...new Set(node.children.flatMap((child) => ends(child, from)))]
      case 'sequence':
        return node.children.reduce((places, child) =>
          [...new Set(places.flatMap((place) => ends(child, place)))], [from])
      case 'repetition': return repeated(node, from)
      case 'rule': return ofRule(node.name, from)
    }
  }

  function fits ({ octets: wanted, anyCase }, from) {
    const same = anyCase ? (a, b) => lower(a) === lower(b) : (a, b) => a === b
    return from + wanted.length <= octets.length && wanted.every((octet, i) => same(octet, octets[from + i]))
  }

  function repeated (node, from) {
    let places = [from]
    for (let count = 0; count < node.min; ++count) {
      places = [...new Set(places.flatMap((place) => ends(node.child, place)))]
    }
    const all = new Set(places)
    for (let count = node.min; count < node.max && places.length; ++count) {
      places = [...new Set(places.flatMap((place) => ends(node.child, place)))].filter((place) => !all.has(place))
      places.forEach((place) => all.add(place))
    }
    return [...all]
  }

  function ofRule (rule, from) {
    const key = `${rule} ${from}`
    if (!known.has(key)) known.set(key, ends(grammar.get(rule), from))
    return known.get(key)
  }

  return ofRule(name, 0).includes(octets.length)
}
