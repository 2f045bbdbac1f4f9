"""libtecs and a peer that was written from the Internet-Draft alone exchange credentials, both ways."""

from __future__ import annotations

import unittest
from random import Random

import material
from agreement import AgreementTestCase
from material import SIGNING_KEYS, Key
from tecs_library import LibrarySigner, SignedText
from tecs_peer.credential import Credential, initial_response, parse_credential, write_credential
from tecs_peer.epoch import epoch_of
from tecs_peer.key_lookup import TxtAnswer, key_names
from tecs_peer.signed_octets import Tuple
from tecs_peer.signer import Signer
from tecs_peer.verifier import Settings, Verification

EXCHANGES = 1200  # of two credentials each
# Few of the long keys, which take their time to sign.
WEIGHTS = {"ed25519": 20, "rsa-1024": 12, "rsa-1025": 4, "rsa-2048": 6, "rsa-2048-exponent-3": 2, "rsa-3072": 2,
           "rsa-4096": 1}


class Exchanges(AgreementTestCase):
    """Whatever one signs, the other verifies, and both say the same of it."""

    def test_what_one_signs_the_other_verifies(self) -> None:
        seen = set()
        for seed in range(EXCHANGES):
            with self.subTest(seed=seed):
                seen.add(self._exchange(Random(seed)))
        self.assertEqual({"pass", "fail"}, seen)

    def _exchange(self, random: Random) -> str:
        key = random.choices(SIGNING_KEYS, [WEIGHTS[each.name] for each in SIGNING_KEYS])[0]
        domain, selector = material.domain(random), material.selector(random)
        ends, time = material.connection(random), random.choice((0, 15, material.NOW, random.randint(0, 2**34)))
        ours = Signer(domain, selector, key.private).sign(ends, time)
        theirs = LibrarySigner(domain, selector, key.of_libtecs).sign(ends, time)
        self._assert_same_text(ours, theirs)
        candidates = [material.connection(random) for _ in range(random.choice((0, 0, 0, 1, 3)))]
        candidates.insert(random.randint(0, len(candidates)), ends)
        settings = Settings(tolerance=random.choice((0, 1, 1, 2, 3)))
        now = max(0, epoch_of(time) + _offset(random, settings.tolerance))
        records = _records(random, key, ours)
        verifications = {self.both_verify(each, candidates, now, records, settings) for each in
                         (theirs.full.encode(), theirs.short.encode(), material.dressed_credential(random, ours))}
        self._assert_expected(verifications, ours, ends, candidates, time, now, settings)
        return verifications.pop().result

    def _assert_same_text(self, ours: Credential, theirs: SignedText) -> None:
        """All that is signed is deterministic, so that both write the same."""
        self.assertEqual(ours, parse_credential(theirs.full.encode()))
        self.assertEqual(write_credential(ours), theirs.full)
        self.assertEqual(write_credential(ours, leave_out_defaults=True), theirs.short)
        self.assertEqual(initial_response(ours), theirs.initial_response)

    def _assert_expected(self, verifications: set[Verification], credential: Credential, ends: Tuple,
                         candidates: list[Tuple], time: int, now: int, settings: Settings) -> None:
        """A third opinion, from the sentence at the end of the draft's rule on epochs (Section 9.2.1)."""
        self.assertEqual(1, len(verifications))
        verification = next(iter(verifications))
        half = 30 * settings.tolerance + 15
        if epoch_of(time) - half <= now < epoch_of(time) + half:
            self.assert_result(verification, "pass")
            self.assertEqual((candidates.index(ends), epoch_of(time)), (verification.candidate, verification.epoch))
        else:
            self.assert_result(verification, "fail", "signature-mismatch")
        self.assertEqual(credential, verification.credential)


def _offset(random: Random, tolerance: int) -> int:
    """Of the server's clock from the epoch: often at the edges of what is accepted."""
    edge = 30 * tolerance + 15
    return random.choice((0, -15, 14, 15, -16, -edge, -edge - 1, edge - 1, edge, random.randint(-edge - 5, edge + 5)))


def _records(random: Random, key: Key, credential: Credential) -> dict[str, TxtAnswer]:
    """The key record at any of its names, with texts beside and before it that are no key records."""
    harmless = [b"o=~; n=an old policy", b"v=spf1 -all", b"", b"P=abc; pp=x; no equals sign", b"\xff\x00;;"]
    names = key_names(credential)
    place = random.randrange(len(names))
    records = {name: TxtAnswer(tuple(random.sample(harmless, random.randint(0, 2)))) for name in names[:place]}
    texts = [*random.sample(harmless, random.randint(0, 2)), material.dressed_record(random, key)]
    random.shuffle(texts)
    return records | {names[place]: TxtAnswer(tuple(texts))}


if __name__ == "__main__":
    unittest.main()
