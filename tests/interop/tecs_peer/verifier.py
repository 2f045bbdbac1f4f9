"""The server's side. Draft, Section 9.2 (server-rules)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .credential import RSA_SHA256, Credential, decode_response, parse_credential
from .epoch import STEP, epochs_to_try
from .key_lookup import FoundKey, TxtAnswer, find_key
from .key_record import Ed25519Key, RsaKey
from .results import Ended, fail, permerror, policy, temperror
from .signature import read_signature
from .signed_octets import Tuple, signed_octets


@dataclass(frozen=True)
class Settings:
    """What a local setting may change; Section 7.4 (limits)."""

    tolerance: int = 1
    minimum_bits: int = 1024
    maximum_bits: int = 4096
    require_dnssec: bool = False


DEFAULTS = Settings()


@dataclass(frozen=True)
class Verification:
    """What becomes of one credential."""

    result: str = "pass"
    reason: str | None = None
    credential: Credential | None = None  # None: it could not be parsed
    testing: bool = False
    candidate: int | None = None  # which tuple was signed
    epoch: int | None = None


@dataclass
class ReplayMemory:
    """Section 9.2.3 (replay): which connection used a tuple, epoch and domain, and until when that matters."""

    used: dict[tuple[Tuple, int, str], tuple[object, int]] = field(default_factory=dict)

    def check(self, triple: tuple[Tuple, int, str], connection: object, now: int, tolerance: int) -> None:
        remembered_by, until = self.used.get(triple, (connection, 0))
        if remembered_by != connection and now < until:
            raise fail("replay")
        self.used[triple] = (connection, replay_expiry(triple[1], tolerance))


def replay_expiry(epoch: int, tolerance: int) -> int:
    """Section 9.2.3 (replay): when the clock reaches this, the signature verifies no more."""
    return epoch + STEP * tolerance + STEP // 2


def verify_response(response: bytes, candidates: Sequence[Tuple], now: int, records: Mapping[str, TxtAnswer],
                    settings: Settings = DEFAULTS) -> Verification:
    """Step 1 of Section 9.2 (server-rules), then the others."""
    try:
        octets = decode_response(response)
    except Ended as ended:
        return Verification(ended.result, ended.reason)
    return verify(octets, candidates, now, records, settings)


def verify(octets: bytes, candidates: Sequence[Tuple], now: int, records: Mapping[str, TxtAnswer],
           settings: Settings = DEFAULTS) -> Verification:
    """Steps 2 to 8 and 10 of Section 9.2 (server-rules). ReplayMemory is step 9."""
    verification = Verification()
    try:
        credential = parse_credential(octets)  # 2
        verification = replace(verification, credential=credential)
        if not candidates:  # 3
            raise temperror("unknown-connection")
        found = find_key(credential, records, settings.maximum_bits)  # 4
        verification = replace(verification, testing=found.record.testing)
        index, epoch = _verify_signature(credential, found.record.key, candidates, now, settings.tolerance)
        verification = replace(verification, candidate=index, epoch=epoch)
        _apply_policy(found, settings)
    except Ended as ended:
        testing = verification.testing or ended.testing
        return replace(verification, result=ended.result, reason=ended.reason, testing=testing)
    return verification


def _apply_policy(found: FoundKey, settings: Settings) -> None:
    """Steps 7 and 8 of Section 9.2 (server-rules)."""
    key = found.record.key
    if isinstance(key, RsaKey) and key.bits < settings.minimum_bits:
        raise policy("key-too-short")
    if settings.require_dnssec and not found.dnssec:
        raise policy("no-dnssec")


def _verify_signature(credential: Credential, key: RsaKey | Ed25519Key, candidates: Sequence[Tuple], now: int,
                      tolerance: int) -> tuple[int, int]:
    """Steps 5 and 6 of Section 9.2 (server-rules). The candidate that was signed, and the epoch: the first that fit, in
    the order of Section 9.2.1 (verify-signature)."""
    if isinstance(key, RsaKey) != (credential.algorithm == RSA_SHA256):
        raise permerror("key-type-mismatch")
    signature = read_signature(credential.signature, key)
    for epoch in epochs_to_try(now, tolerance):
        for index, candidate in enumerate(candidates):
            if signature.is_valid_for(hashlib.sha256(signed_octets(candidate, epoch)).digest()):
                return index, epoch
    raise fail("signature-mismatch")
