"""The credential. Draft, Section 5 (credential)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .base64_text import decode_base64, encode_base64
from .results import permerror
from .tag_list import NotATagList, list_items, parse_tag_list, without_white_space

MAXIMUM_CREDENTIAL = 4096  # octets; Section 7.4 (limits)
MAXIMUM_RESPONSE = 5464  # digits of base64; Section 7.4 (limits)
MAXIMUM_NAME = 253  # Section 5.1 (credential-syntax)
# Section 11.1 (line-length): 512 octets, of which "AUTH TECS-1", a space and CRLF take 14.
MAXIMUM_INITIAL_RESPONSE = 498

RSA_SHA256 = "rsa-sha256"
ED25519_SHA256 = "ed25519-sha256"
DEFAULT_ALGORITHM = RSA_SHA256
QUERY_METHODS = ("dns", "dns/txt")

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True)
class Credential:
    algorithm: str
    domain: str
    selector: str | None
    signature: bytes


def decode_response(response: bytes) -> bytes:
    """Section 9.2 (server-rules), step 1; the length comes first, as Section 10 (results) orders the reasons."""
    if len(response) > MAXIMUM_RESPONSE:
        raise permerror("credential-too-long")
    octets = decode_base64(response.decode("latin-1")) if response else b""
    if octets is None:
        raise permerror("bad-base64")
    return octets


def parse_credential(octets: bytes) -> Credential:
    """Section 9.2 (server-rules), step 2. The tags are looked at in the order that Section 10 (results) fixes."""
    if len(octets) > MAXIMUM_CREDENTIAL:
        raise permerror("credential-too-long")
    try:
        tags = parse_tag_list(octets)
    except NotATagList:
        raise permerror("bad-credential") from None
    algorithm = _algorithm(tags.get("a"))
    _check_query(tags.get("q"))
    return Credential(algorithm, _domain(tags.get("d")), _selector(tags.get("s")), _signature(tags.get("b")))


def _algorithm(value: str | None) -> str:
    """Section 5.2 (tags), a."""
    if value is None:
        return DEFAULT_ALGORITHM
    if value not in (RSA_SHA256, ED25519_SHA256):
        raise permerror("unknown-algorithm")
    return value


def _check_query(value: str | None) -> None:
    """Section 5.2 (tags), q."""
    if value is not None and not any(method in QUERY_METHODS for method in list_items(value)):
        raise permerror("unknown-query")


def _domain(value: str | None) -> str:
    """Section 5.2 (tags), d. In lower case, as it is compared, looked up and reported."""
    if not value:
        raise permerror("missing-tag")
    if len(value) > MAXIMUM_NAME or not _DOMAIN.fullmatch(value):
        raise permerror("bad-domain")
    return value.lower()


def _selector(value: str | None) -> str | None:
    """Section 5.2 (tags), s. An empty value is not an absent tag."""
    if value is None:
        return None
    if len(value) > MAXIMUM_NAME or not _SELECTOR.fullmatch(value):
        raise permerror("bad-selector")
    return value.lower()


def _signature(value: str | None) -> bytes:
    """Section 5.2 (tags), b. Its length is not checked until the key is known."""
    if not value:
        raise permerror("missing-tag")
    octets = decode_base64(without_white_space(value))
    if octets is None:
        raise permerror("bad-signature")
    return octets


def write_credential(credential: Credential, *, leave_out_defaults: bool = False) -> str:
    """Section 5.3 (writing)."""
    tags = []
    if not (leave_out_defaults and credential.algorithm == DEFAULT_ALGORITHM):
        tags.append(f"a={credential.algorithm}")
    if not leave_out_defaults:
        tags.append("q=dns")
    tags.append(f"d={credential.domain}")
    if credential.selector is not None:
        tags.append(f"s={credential.selector}")
    tags.append(f"b={encode_base64(credential.signature)}")
    return "; ".join(tags)


def initial_response(credential: Credential) -> str | None:
    """What follows `AUTH TECS-1 `, in base64; None if it does not fit the line. Section 11.1 (line-length)."""
    for leave_out_defaults in (False, True):
        text = write_credential(credential, leave_out_defaults=leave_out_defaults)
        response = encode_base64(text.encode("ascii"))
        if len(response) <= MAXIMUM_INITIAL_RESPONSE:
            return response
    return None
