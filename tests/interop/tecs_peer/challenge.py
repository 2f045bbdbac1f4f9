"""The challenge. Draft, Section 8 (challenge)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .base64_text import decode_base64
from .signed_octets import EndPoint, NotUsable, Tuple, end_point
from .tag_list import NotATagList, parse_tag_list

MAXIMUM_CHALLENGE = 512  # octets; Section 7.4 (limits)
MAXIMUM_IN_BASE64 = 684  # digits; Section 7.4 (limits)
MAXIMUM_TIME = 253402300799  # the last second of the year 9999
MAXIMUM_SKEW = 3600
DEFAULT_SKEW = 120

_END_POINT = re.compile(
    r"(?:(?P<ipv4>[0-9.]+)|\[(?P<ipv6>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)\]):0*(?P<port>[1-9][0-9]{0,4})"
)
_DIGITS = re.compile(r"[0-9]+")


class BadChallenge(Exception):
    """The challenge is too long or malformed."""


@dataclass(frozen=True)
class Challenge:
    client: EndPoint
    time: int


def write_challenge(client: EndPoint, time: int) -> str:
    """Section 8.1 (challenge-syntax), what a server writes."""
    return f"c={client}; t={time}"


def decode_challenge(text: bytes) -> bytes:
    """The challenge as it stands behind `334 `; an empty one is empty in base64 too. The base64 is that of a response,
    Section 9.2 (server-rules), step 1."""
    if len(text) > MAXIMUM_IN_BASE64:
        raise BadChallenge
    octets = decode_base64(text.decode("latin-1")) if text else b""
    if octets is None:
        raise BadChallenge
    return octets


def parse_challenge(octets: bytes) -> Challenge | None:
    """Section 8.1 (challenge-syntax). None: it is empty."""
    if not octets:
        return None
    if len(octets) > MAXIMUM_CHALLENGE:
        raise BadChallenge
    try:
        tags = parse_tag_list(octets)
        return Challenge(_client(tags["c"]), _time(tags["t"]))
    except (NotATagList, KeyError):
        raise BadChallenge from None


def _client(value: str) -> EndPoint:
    match = _END_POINT.fullmatch(value)
    if not match:
        raise BadChallenge
    ipv4, ipv6, port = match.group("ipv4", "ipv6", "port")
    try:
        return end_point(ipv4 or ipv6, int(port))
    except NotUsable:
        raise BadChallenge from None


def _time(value: str) -> int:
    if not _DIGITS.fullmatch(value) or int(value) > MAXIMUM_TIME:
        raise BadChallenge
    return int(value)


def use_challenge(octets: bytes, ends: Tuple, now: int, skew: int = DEFAULT_SKEW) -> tuple[Tuple, int]:
    """Section 8.3 (challenge-client), rules 1 and 3 to 5: what to sign, and as of when, for a client that was set to
    use the challenge. It is for the caller to go on with its own view if this raises BadChallenge."""
    if not 0 <= skew <= MAXIMUM_SKEW:
        raise ValueError("the skew is at most 3600 seconds")
    challenge = parse_challenge(octets)
    if challenge is None:
        return ends, now
    if challenge.client.address.version == ends.destination.address.version:
        ends = Tuple(ends.destination, challenge.client)
    return ends, challenge.time if abs(challenge.time - now) <= skew else now
