"""Base64 as Section 5.1 (credential-syntax) of the draft narrows it down."""

from __future__ import annotations

import base64
import re

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{4})")


def decode_base64(text: str) -> bytes | None:
    """What the text stands for; None if it is not padded, holds anything else than digits, or has unused bits that are
    not zero. White space is for the caller to take out where the draft ignores it."""
    if not _BASE64.fullmatch(text):
        return None
    octets = base64.b64decode(text)
    return octets if encode_base64(octets) == text else None


def encode_base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
