"""Asks both verifiers the same and holds them to the same answer."""

from __future__ import annotations

import unittest
from collections.abc import Sequence

import tecs_library
from tecs_library import LibraryVerification
from tecs_peer.epoch import epoch_of
from tecs_peer.key_lookup import NOTHING, TxtAnswer
from tecs_peer.signed_octets import Tuple
from tecs_peer.verifier import DEFAULTS, Settings, Verification, replay_expiry, verify, verify_response

# Where the draft says what decides on each result, for whoever has to judge a disagreement.
SECTIONS = ("results 10, steps 9.2, credential 5.1 and 5.2, names 7.1, selection 7.2, key record 7.3, limits 7.4, "
            "epochs 9.2.1")


class RecordedDns(dict[str, TxtAnswer]):
    """Remembers which names were asked for."""

    def __init__(self, records: dict[str, TxtAnswer]) -> None:
        super().__init__(records)
        self.asked: list[str] = []

    def get(self, name: str, default: TxtAnswer = NOTHING) -> TxtAnswer:
        self.asked.append(name)
        return super().get(name, default)


class AgreementTestCase(unittest.TestCase):
    maxDiff = None

    def both_verify(self, credential: bytes, candidates: Sequence[Tuple], now: int, records: dict[str, TxtAnswer],
                    settings: Settings = DEFAULTS, *, in_base64: bool = False) -> Verification:
        """What both say of the credential."""
        dns = RecordedDns(records)
        ours = (verify_response if in_base64 else verify)(credential, candidates, now, dns, settings)
        encoding = tecs_library.BASE64 if in_base64 else tecs_library.DECODED
        theirs = tecs_library.verify(credential, candidates, now, records, settings, encoding)
        self.assertEqual(
            _expected(ours, now, settings, dns.asked), _answer(ours, theirs),
            f"\npeer: {ours}\nlibtecs: {theirs}\ncredential: {credential!r}\ntuples: {candidates}\ntime: {now}\n"
            f"records: {records}\n{settings}\nSections of the draft: {SECTIONS}")
        return ours

    def assert_result(self, verification: Verification, result: str, reason: str | None = None) -> None:
        self.assertEqual((result, reason), (verification.result, verification.reason))


def _expected(ours: Verification, now: int, settings: Settings, asked: list[str]) -> dict[str, object]:
    answer: dict[str, object] = {"result": ours.result, "reason": ours.reason, "testing": ours.testing, "asked": asked,
                                 "candidate": ours.candidate}
    if ours.credential is not None:  # what smtp.auth and logs show; Sections 12 (authres) and 15.5 (complaints)
        answer |= {"domain": ours.credential.domain, "selector": ours.credential.selector,
                   "algorithm": ours.credential.algorithm}
    if ours.epoch is not None:
        answer["epoch offset"] = ours.epoch - epoch_of(now)
    if ours.result == "pass":
        answer["expiry"] = replay_expiry(ours.epoch, settings.tolerance)
    return answer


def _answer(ours: Verification, theirs: LibraryVerification) -> dict[str, object]:
    answer: dict[str, object] = {"result": theirs.result, "reason": theirs.reason, "testing": theirs.testing,
                                 "asked": list(theirs.asked), "candidate": theirs.candidate}
    if ours.credential is not None:
        answer |= {"domain": theirs.domain, "selector": theirs.selector, "algorithm": theirs.algorithm}
    if ours.epoch is not None:
        answer["epoch offset"] = theirs.epoch_offset
    if ours.result == "pass":
        answer["expiry"] = theirs.replay_expiry
    return answer
