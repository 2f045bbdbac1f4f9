"""Small damages to a text, of the kinds that parsers disagree about."""

from __future__ import annotations

from random import Random

# What means something in a tag-list, in base64 or in an end point, and what is not allowed anywhere.
INTERESTING = [b";", b"=", b":", b" ", b"\t", b"\r\n ", b"\r\n", b"\n", b"\r", b".", b"-", b"_", b"0", b"A", b"a", b"/",
               b"+", b"%", b"[", b"]", b"\x00", b"\x7f", b"\x80", b"\xff", b"==", b";;", b"; ", b"p=", b"d=", b"b=",
               b"x=1;", b"=;", b"*", b"\x0b", b"\x0c", b"65536", b"::", b"dns", b"y"]


def mutated(random: Random, octets: bytes) -> bytes:
    """One to three damages, which may cancel out each other."""
    kinds = (_insert, _insert, _delete, _replace, _repeat, _exchange_pairs, _cut, _change_case)
    for _ in range(random.choice((1, 1, 2, 3))):
        octets = random.choice(kinds)(random, octets)
    return octets


def _place(random: Random, octets: bytes) -> int:
    return random.randint(0, len(octets))


def _insert(random: Random, octets: bytes) -> bytes:
    place = _place(random, octets)
    return octets[:place] + random.choice(INTERESTING) + octets[place:]


def _delete(random: Random, octets: bytes) -> bytes:
    place = _place(random, octets)
    return octets[:place] + octets[place + random.choice((1, 1, 2, 5)) :]


def _replace(random: Random, octets: bytes) -> bytes:
    place = _place(random, octets)
    return octets[:place] + random.choice((random.choice(INTERESTING), random.randbytes(1))) + octets[place + 1 :]


def _repeat(random: Random, octets: bytes) -> bytes:
    start, end = sorted((_place(random, octets), _place(random, octets)))
    return octets[:end] + octets[start:end] + octets[end:]


def _exchange_pairs(random: Random, octets: bytes) -> bytes:
    pairs = octets.split(b";")
    random.shuffle(pairs)
    return b";".join(pairs)


def _cut(random: Random, octets: bytes) -> bytes:
    place = random.choice((_place(random, octets), max(0, len(octets) - 1)))
    return octets[:place] if random.random() < 0.7 else octets[place:]


def _change_case(random: Random, octets: bytes) -> bytes:
    place = _place(random, octets)
    return octets[:place] + octets[place : place + 1].swapcase() + octets[place + 1 :]
