"""Damaged credentials and key records: both verifiers say the same of each, as the grammar leaves no room."""

from __future__ import annotations

import unittest
from random import Random

import material
from agreement import AgreementTestCase
from cryptography.hazmat.primitives.serialization import PublicFormat
from material import DOMAIN, ED25519, NOW, SELECTOR, Key
from mutations import mutated
from tecs_peer.base64_text import encode_base64
from tecs_peer.credential import write_credential
from tecs_peer.key_lookup import TxtAnswer
from tecs_peer.signed_octets import Tuple, end_point
from tecs_peer.signer import Signer

CREDENTIALS = 4000
KEY_RECORDS = 4000
DER_KEYS = 3000
ENDS = Tuple(end_point("192.0.2.25", 25), end_point("198.51.100.7", 40213))
NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
SMALL_RSA = Key("rsa-1024")
SIGNED = {key: Signer(DOMAIN, SELECTOR, key.private).sign(ENDS, NOW) for key in (ED25519, SMALL_RSA)}


class Mutations(AgreementTestCase):
    def test_credentials(self) -> None:
        seen: dict[str | None, int] = {}
        for seed in range(CREDENTIALS):
            random = Random(seed)
            key = random.choice((ED25519, SMALL_RSA))
            credential = random.choice((write_credential(SIGNED[key]).encode(),
                                        material.dressed_credential(random, SIGNED[key])))
            damaged, in_base64 = mutated(random, credential), random.random() < 0.3
            if in_base64:
                damaged = encode_base64(damaged).encode()
                damaged = mutated(random, damaged) if random.random() < 0.5 else damaged
            self._verify(seed, damaged, key.record(), seen, in_base64)
        self.assertLessEqual({None, "bad-base64", "bad-credential", "unknown-algorithm", "unknown-query", "missing-tag",
                              "bad-domain", "bad-selector", "bad-signature", "no-key", "key-type-mismatch",
                              "signature-mismatch"}, seen.keys())

    def test_key_records(self) -> None:
        seen: dict[str | None, int] = {}
        for seed in range(KEY_RECORDS):
            random = Random(seed)
            key = random.choice((ED25519, SMALL_RSA))
            record = mutated(random, material.dressed_record(random, key))
            self._verify(seed, write_credential(SIGNED[key]).encode(), record, seen)
        self.assertLessEqual({None, "no-key", "bad-key-record", "key-revoked", "signature-mismatch"}, seen.keys())

    def test_encodings_of_rsa_keys(self) -> None:
        seen: dict[str | None, int] = {}
        for seed in range(DER_KEYS):
            random = Random(seed)
            public_format = random.choice((PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1))
            damaged = mutated(random, SMALL_RSA.public(public_format))
            record = f"p={encode_base64(damaged)}".encode()
            self._verify(seed, write_credential(SIGNED[SMALL_RSA]).encode(), record, seen)
        self.assertLessEqual({"bad-key-record", "signature-mismatch"}, seen.keys())

    def _verify(self, seed: int, credential: bytes, record: bytes, seen: dict[str | None, int],
                in_base64: bool = False) -> None:
        with self.subTest(seed=seed):
            records = {NAME: TxtAnswer((record,))}
            reason = self.both_verify(credential, (ENDS,), NOW, records, in_base64=in_base64).reason
            seen[reason] = seen.get(reason, 0) + 1


if __name__ == "__main__":
    unittest.main()
