"""RSA keys are read in DER and in nothing else. Draft, Section 7.3 (key-record), step 9."""

from __future__ import annotations

import unittest

from material import RSA
from refusals_test import BAD_RECORD, MISMATCH, NAME, PASS, RefusalTestCase, at, credential
from tecs_peer.base64_text import encode_base64
from tecs_peer.der import BIT_STRING, INTEGER, SEQUENCE
from tecs_peer.key_record import RSA_ENCRYPTION

OBJECT_IDENTIFIER = RSA_ENCRYPTION[:-2]
CONSTRUCTED = 0x20
NUMBERS = RSA.private.public_key().public_numbers()
MODULUS = b"\x00" + NUMBERS.n.to_bytes(256, "big")
EXPONENT = NUMBERS.e.to_bytes(3, "big")


def der(tag: int, contents: bytes) -> bytes:
    if len(contents) < 0x80:
        return bytes([tag, len(contents)]) + contents
    length = len(contents).to_bytes((len(contents).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + contents


def integer(number: int) -> bytes:
    """The contents of an INTEGER."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def rsa_public_key(modulus: bytes = MODULUS, exponent: bytes = EXPONENT) -> bytes:
    return der(SEQUENCE, der(INTEGER, modulus) + der(INTEGER, exponent))


def subject_public_key_info(algorithm: bytes = RSA_ENCRYPTION, key: bytes = rsa_public_key(),
                            unused_bits: int = 0) -> bytes:
    return der(SEQUENCE, der(SEQUENCE, algorithm) + der(BIT_STRING, bytes([unused_bits]) + key))


class RsaKeys(RefusalTestCase):
    def _check_key(self, octets: bytes, expected: tuple[str, str | None] = BAD_RECORD) -> None:
        self.check(expected, credential(RSA), at(NAME, f"p={encode_base64(octets)}".encode()))

    def test_the_keys_of_this_test_are_good(self) -> None:
        for octets in (rsa_public_key(), subject_public_key_info()):
            self._check_key(octets, PASS)

    def test_numbers_are_in_der(self) -> None:
        for modulus, exponent in ((b"\x00" + MODULUS, EXPONENT), (MODULUS, b"\x00" + EXPONENT), (MODULUS, b"")):
            self._check_key(rsa_public_key(modulus, exponent))

    def test_numbers_are_not_negative(self) -> None:
        for modulus, exponent in ((MODULUS[1:], EXPONENT), (b"\xff", EXPONENT), (MODULUS, b"\xff"), (MODULUS, b"\xfd")):
            self._check_key(rsa_public_key(modulus, exponent))

    def test_a_modulus_is_not_zero(self) -> None:
        self._check_key(rsa_public_key(b"\x00"))

    def test_exponents(self) -> None:
        for exponent in (0, 1, 2, 4, 65536, 2**32, 2**32 + 1, 2**64 + 1):
            self._check_key(rsa_public_key(exponent=integer(exponent)), ("permerror", "bad-key-exponent"))
        for exponent in (3, 2**31 + 1, 2**32 - 1):
            self._check_key(rsa_public_key(exponent=integer(exponent)), MISMATCH)

    def test_a_modulus_that_is_too_long_comes_before_its_exponent(self) -> None:
        self._check_key(rsa_public_key(integer(2**4100 + 1), b"\x02"), ("permerror", "key-too-large"))

    def test_nothing_verifies_with_other_numbers(self) -> None:
        for modulus in (1, 2, 3, 2**700, NUMBERS.n - 1, NUMBERS.n + 2):
            self._check_key(rsa_public_key(integer(modulus)), MISMATCH)

    def test_lengths_are_in_der(self) -> None:
        modulus, exponent = der(INTEGER, MODULUS), der(INTEGER, EXPONENT)
        self._check_key(der(SEQUENCE, modulus + bytes([INTEGER, 0x81, 3]) + EXPONENT))
        self._check_key(bytes([SEQUENCE, 0x80]) + modulus + exponent + bytes(2))

    def test_a_bit_string_is_in_der(self) -> None:
        parts = der(BIT_STRING | CONSTRUCTED, der(BIT_STRING, b"\x00" + rsa_public_key()))
        self._check_key(der(SEQUENCE, der(SEQUENCE, RSA_ENCRYPTION) + parts))
        self._check_key(subject_public_key_info(unused_bits=1))

    def test_nothing_is_left_over_behind_the_inner_key(self) -> None:
        self._check_key(subject_public_key_info(key=rsa_public_key() + b"\x00"))

    def test_the_parameters_of_the_algorithm_are_null(self) -> None:
        for parameters in (b"", b"\x04\x00"):
            self._check_key(subject_public_key_info(OBJECT_IDENTIFIER + parameters))


if __name__ == "__main__":
    unittest.main()
