"""The client's side. Draft, Sections 6.4 (signature) and 9.1 (client-rules)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from .credential import ED25519_SHA256, RSA_SHA256, Credential
from .epoch import epoch_of
from .signed_octets import Tuple, signed_octets

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    domain: str
    selector: str | None
    key: PrivateKey

    def sign(self, ends: Tuple, time: int) -> Credential:
        """Section 9.1 (client-rules), step 6."""
        algorithm = RSA_SHA256 if isinstance(self.key, RSAPrivateKey) else ED25519_SHA256
        signature = sign_octets(self.key, signed_octets(ends, epoch_of(time)))
        return Credential(algorithm, self.domain, self.selector, signature)


def sign_octets(key: PrivateKey, octets: bytes) -> bytes:
    """Section 6.4 (signature): Ed25519 signs the digest, as DKIM does."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(octets, PKCS1v15(), SHA256())
    return key.sign(hashlib.sha256(octets).digest())
