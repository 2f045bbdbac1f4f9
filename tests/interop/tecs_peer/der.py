"""As much of DER as RSA keys need: INTEGER, and SEQUENCE, BIT STRING, OBJECT IDENTIFIER and NULL around it."""

from __future__ import annotations

INTEGER = 0x02
BIT_STRING = 0x03
SEQUENCE = 0x30


class NotDer(Exception):
    """The octets are not the DER encoding of what is expected."""


def read_value(octets: bytes, tag: int) -> tuple[bytes, bytes]:
    """The contents of the value with this tag at the beginning, and what follows it."""
    if len(octets) < 2 or octets[0] != tag:
        raise NotDer
    length, rest = _read_length(octets[1:])
    if len(rest) < length:
        raise NotDer
    return rest[:length], rest[length:]


def read_only_value(octets: bytes, tag: int) -> bytes:
    """The contents of the value, behind which nothing is left over."""
    contents, rest = read_value(octets, tag)
    if rest:
        raise NotDer
    return contents


def read_integer(octets: bytes) -> tuple[int, bytes]:
    """An INTEGER in its shortest form, and what follows it."""
    contents, rest = read_value(octets, INTEGER)
    if not contents:
        raise NotDer
    if len(contents) > 1 and (contents[0], contents[1] >> 7) in ((0x00, 0), (0xFF, 1)):
        raise NotDer
    return int.from_bytes(contents, "big", signed=True), rest


def _read_length(octets: bytes) -> tuple[int, bytes]:
    """The length in its shortest form, and what follows it."""
    if octets[0] < 0x80:
        return octets[0], octets[1:]
    size = octets[0] & 0x7F
    if size == 0 or len(octets) < 1 + size or octets[1] == 0:
        raise NotDer
    length = int.from_bytes(octets[1 : 1 + size], "big")
    if length < 0x80:
        raise NotDer
    return length, octets[1 + size :]
