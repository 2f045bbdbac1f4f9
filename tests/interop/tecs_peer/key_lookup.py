"""Finding the key record. Draft, Sections 7.1 (key-names) and 7.2 (key-selection)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .credential import Credential
from .key_record import KeyRecord, read_key_record
from .results import permerror, temperror
from .tag_list import WHITE_SPACE

MAXIMUM_NAME = 253
MAXIMUM_TXT = 16384  # octets of all TXT records at one name


@dataclass(frozen=True)
class TxtAnswer:
    """What the DNS says of one name: the texts of its TXT records, or that the question was not answered."""

    texts: tuple[bytes, ...] = ()
    dnssec: bool = False
    failure: str | None = None  # "dns-timeout" or "dns-error"


NOTHING = TxtAnswer()


@dataclass(frozen=True)
class FoundKey:
    record: KeyRecord
    dnssec: bool  # every answer that was used is protected; Section 14.7 (dnssec)


def key_names(credential: Credential) -> list[str]:
    """Section 7.1 (key-names): in this order; a name at which nothing can stand is left out."""
    if credential.selector is not None:
        names = [f"{credential.selector}._domainkey.{credential.domain}"]
    else:
        names = [f"_domainkey.{credential.domain}", f"_tecs.{credential.domain}"]
    return [name for name in names if len(name) <= MAXIMUM_NAME]


def find_key(credential: Credential, records: Mapping[str, TxtAnswer], maximum_bits: int = 4096) -> FoundKey:
    """Section 7.1 (key-names): the next name is asked only if there is no key record at this one."""
    dnssec = True
    for name in key_names(credential):
        answer = records.get(name, NOTHING)
        if answer.failure is not None:
            raise temperror(answer.failure)
        dnssec = dnssec and answer.dnssec
        text = select_key_record(answer.texts)
        if text is not None:
            return FoundKey(read_key_record(text, maximum_bits), dnssec)
    raise permerror("no-key")


def select_key_record(texts: tuple[bytes, ...]) -> bytes | None:
    """Section 7.2 (key-selection). None: there is no key record."""
    if sum(len(text) for text in texts) > MAXIMUM_TXT:
        raise permerror("key-too-large")
    key_records = [text for text in texts if _has_p_tag(text)]
    if len(key_records) > 1:
        raise permerror("several-keys")
    return key_records[0] if key_records else None


def _has_p_tag(text: bytes) -> bool:
    """Step 2, for which the text need not be a tag-list."""
    pairs = (piece.partition(b"=") for piece in text.split(b";"))
    return any(equals_sign and name.strip(WHITE_SPACE.encode()) == b"p" for name, equals_sign, _ in pairs)
