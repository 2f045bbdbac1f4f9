"""Reading the key record. Draft, Sections 7.3 (key-record) and 7.4 (limits)."""

from __future__ import annotations

from dataclasses import dataclass

from .base64_text import decode_base64
from .der import BIT_STRING, SEQUENCE, NotDer, read_integer, read_only_value, read_value
from .results import Ended, permerror
from .tag_list import NotATagList, list_items, parse_tag_list, without_white_space

# AlgorithmIdentifier of rsaEncryption, with the NULL that RFC 3279 demands.
RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101" + "0500")
MAXIMUM_EXPONENT = 2**32 - 1
# Points of the curve that are no key: the y of each, without the sign of x. Section 7.3 (key-record), step 9.
SMALL_ORDER = [bytes.fromhex(y) for y in (
    "01" + 31 * "00", "ec" + 30 * "ff" + "7f", 32 * "00", "ed" + 30 * "ff" + "7f", "ee" + 30 * "ff" + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]


@dataclass(frozen=True)
class RsaKey:
    modulus: int
    exponent: int

    @property
    def bits(self) -> int:
        return self.modulus.bit_length()


@dataclass(frozen=True)
class Ed25519Key:
    octets: bytes


@dataclass(frozen=True)
class KeyRecord:
    key: RsaKey | Ed25519Key
    testing: bool


def read_key_record(text: bytes, maximum_bits: int = 4096) -> KeyRecord:
    """Section 7.3 (key-record); the comments have the numbers of its steps."""
    try:
        tags = parse_tag_list(text)  # 1
    except NotATagList:
        raise permerror("bad-key-record") from None
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] not in ("DKIM1", "TECS1")):  # 2
        raise permerror("bad-key-record")
    testing = "y" in list_items(tags.get("t", ""))  # 3
    if not tags["p"]:  # 4
        raise Ended("fail", "key-revoked", testing)
    return KeyRecord(_read_key(tags, maximum_bits), testing)


def _read_key(tags: dict[str, str], maximum_bits: int) -> RsaKey | Ed25519Key:
    """Steps 5 to 9. If one of them fails, the record could not be read, and it does not matter whether the domain is
    testing; Section 10 (results)."""
    key_type = tags.get("k", "rsa")
    if key_type not in ("rsa", "ed25519"):  # 5
        raise permerror("bad-key-record")
    if "sha256" not in list_items(tags.get("h", "sha256")):  # 6
        raise permerror("bad-key-record")
    if not {"*", "email", "tecs"} & set(list_items(tags.get("s", "*"))):  # 7
        raise permerror("bad-key-record")
    octets = _decode_key(tags["p"], maximum_bits)  # 8
    return _read_rsa_key(octets, maximum_bits) if key_type == "rsa" else _read_ed25519_key(octets)  # 9


def maximum_der(maximum_bits: int) -> int:
    """Section 7.4 (limits): octets of the encoding of an RSA key."""
    return maximum_bits // 8 + 64


def maximum_p(maximum_bits: int) -> int:
    """Section 7.4 (limits): twice as many octets as the padded base64 of the longest key takes."""
    return 2 * 4 * ((maximum_der(maximum_bits) + 2) // 3)


def _decode_key(value: str, maximum_bits: int) -> bytes:
    if len(value) > maximum_p(maximum_bits):
        raise permerror("key-too-large")
    octets = decode_base64(without_white_space(value))
    if octets is None:
        raise permerror("bad-key-record")
    return octets


def _read_ed25519_key(octets: bytes) -> Ed25519Key:
    if len(octets) != 32 or octets[:31] + bytes([octets[31] & 0x7F]) in SMALL_ORDER:
        raise permerror("bad-key-record")
    return Ed25519Key(octets)


def _read_rsa_key(octets: bytes, maximum_bits: int) -> RsaKey:
    if len(octets) > maximum_der(maximum_bits):
        raise permerror("key-too-large")
    try:
        key = decode_rsa_key(octets)
    except NotDer:
        raise permerror("bad-key-record") from None
    if key.modulus < 1 or key.exponent < 0:
        raise permerror("bad-key-record")
    if key.bits > maximum_bits:
        raise permerror("key-too-large")
    if not 3 <= key.exponent <= MAXIMUM_EXPONENT or key.exponent % 2 == 0:
        raise permerror("bad-key-exponent")
    return key


def decode_rsa_key(octets: bytes) -> RsaKey:
    """A SubjectPublicKeyInfo, which begins with a SEQUENCE, or an RSAPublicKey, which begins with an INTEGER."""
    contents = read_only_value(octets, SEQUENCE)
    if contents[:1] != bytes([SEQUENCE]):
        return _read_rsa_public_key(octets)
    algorithm, rest = read_value(contents, SEQUENCE)
    bits = read_only_value(rest, BIT_STRING)
    if algorithm != RSA_ENCRYPTION or bits[:1] != b"\x00":
        raise NotDer
    return _read_rsa_public_key(bits[1:])


def _read_rsa_public_key(octets: bytes) -> RsaKey:
    """RFC 8017, A.1.1."""
    modulus, rest = read_integer(read_only_value(octets, SEQUENCE))
    exponent, rest = read_integer(rest)
    if rest:
        raise NotDer
    return RsaKey(modulus, exponent)
