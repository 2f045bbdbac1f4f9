// What the draft demands beside the grammar, of a text that the grammar takes: lengths, uniqueness, ranges of numbers.
import { isIPv4 } from 'node:net'

export function tags (text) {
  const trimmed = (part) => part.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  const pieces = text.split(';')
  if (trimmed(pieces.at(-1)) === '') pieces.pop()
  return pieces.map((piece) => {
    const equals = piece.indexOf('=')
    return [trimmed(piece.slice(0, equals)), trimmed(piece.slice(equals + 1))]
  })
}

function unique (text) {
  const names = tags(text).map(([name]) => name)
  return new Set(names).size === names.length
}

const value = (text, wanted) => tags(text).find(([name]) => name === wanted)?.[1]

function specified (address) {
  const short = isIPv4(address) ? address : new URL(`http://[${address}]`).hostname
  return !['0.0.0.0', '[::]', '[::ffff:0:0]'].includes(short)
}

function endPoint (text) {
  const [, ipv6, ipv4, port] = /^(?:\[(.*)\]|([^[]*)):(\d+)$/.exec(text)
  return Number(port) <= 65535 && specified(ipv6 ?? ipv4)
}

// keys: a Map from base64 without white space to the type of the key.
function isKey (text, keys) {
  const type = value(text, 'k') ?? 'rsa'
  const base64 = value(text, 'p').replace(/[ \t\r\n]/g, '')
  if (type === 'ed25519') return Buffer.from(base64, 'base64').length === 32
  return keys.get(base64) === 'rsa'
}

const MEANINGS = {
  'tag-list': unique,
  credential: (text) => {
    const [domain, selector] = [value(text, 'd'), value(text, 's')]
    return unique(text) && text.length <= 4096 && domain !== undefined && value(text, 'b') !== undefined &&
      domain.length <= 253 && (selector ?? '').length <= 253
  },
  'key-record': (text, keys) => {
    const key = value(text, 'p')
    if (!unique(text) || key === undefined || text.length > 16384) return false
    return key === '' || (key.length <= 1536 && isKey(text, keys))
  },
  challenge: (text) => {
    if (text === '') return true
    const [client, time] = [value(text, 'c'), value(text, 't')]
    return unique(text) && text.length <= 512 && client !== undefined && time !== undefined && endPoint(client) &&
      BigInt(time) <= 253402300799n
  },
  'end-point': endPoint,
  domain: (text) => text.length <= 253,
  selector: (text) => text.length <= 253
}

export const RULES = Object.keys(MEANINGS)

// Whether an implementation of the draft accepts a text that the grammar of this rule takes.
export function accepted (rule, text, keys) {
  return MEANINGS[rule](text, keys)
}
