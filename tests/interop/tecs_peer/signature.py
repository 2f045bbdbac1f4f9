"""Checking a signature. Draft, Section 6.4 (signature)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .key_record import Ed25519Key, RsaKey

# DigestInfo of SHA-256 with NULL parameters, without the digest at its end; RFC 8017, Section 9.2.
SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


@dataclass(frozen=True)
class RsaSignature:
    """After the one public-key operation that Section 9.2.1 (verify-signature) recommends."""

    length: int
    message: bytes | None  # None: the signature has the wrong length or is no number below the modulus

    def is_valid_for(self, digest: bytes) -> bool:
        """The encoded message is made anew and compared, so that no other encoding of the digest passes."""
        return self.message is not None and self.message == _encode(digest, self.length)


@dataclass(frozen=True)
class Ed25519Signature:
    octets: bytes
    key: Ed25519Key

    def is_valid_for(self, digest: bytes) -> bool:
        """The digest is what is signed, as with DKIM."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key.octets).verify(self.octets, digest)
        except InvalidSignature:
            return False
        return True


def read_signature(octets: bytes, key: RsaKey | Ed25519Key) -> RsaSignature | Ed25519Signature:
    if isinstance(key, Ed25519Key):
        return Ed25519Signature(octets, key)
    length = (key.bits + 7) // 8
    representative = int.from_bytes(octets, "big")
    if len(octets) != length or representative >= key.modulus:
        return RsaSignature(length, None)
    message = pow(representative, key.exponent, key.modulus)
    return RsaSignature(length, message.to_bytes(length, "big"))


def _encode(digest: bytes, length: int) -> bytes | None:
    """EMSA-PKCS1-v1_5; RFC 8017, Section 9.2. None if the modulus is too short for it."""
    digest_info = SHA256_DIGEST_INFO + digest
    if length < len(digest_info) + 11:
        return None
    return b"\x00\x01" + b"\xff" * (length - len(digest_info) - 3) + b"\x00" + digest_info
