"""Keys, connections, and the many ways to write one credential or key record; all that is random comes from a seed."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address
from random import Random

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tecs_library import LibraryKey
from tecs_peer.base64_text import encode_base64
from tecs_peer.credential import Credential
from tecs_peer.signed_octets import EndPoint, Tuple, end_point

KEYS_FOLDER = pathlib.Path(__file__).resolve().parent / "keys"
NOW = 1170806410  # as in the draft's example; E(NOW) is ten seconds before
DOMAIN = "sender.example"
SELECTOR = "t1"
FOLDS = ("", "", " ", "\t", "  ", "\r\n ", "\r\n\t", " \r\n \r\n\t ")


@dataclass(frozen=True)
class Key:
    """A private key of a test, in the form that each side wants."""

    name: str

    @cached_property
    def pem(self) -> bytes:
        return (KEYS_FOLDER / f"{self.name}.pem").read_bytes()

    @cached_property
    def private(self) -> object:
        return load_pem_private_key(self.pem, None)

    @cached_property
    def of_libtecs(self) -> LibraryKey:
        return LibraryKey(self.pem)

    @property
    def is_rsa(self) -> bool:
        return isinstance(self.private, RSAPrivateKey)

    @property
    def key_type(self) -> str:
        return "rsa" if self.is_rsa else "ed25519"

    def public(self, public_format: PublicFormat | None = None) -> bytes:
        """What `p` holds. Of RSA there are two forms."""
        if not self.is_rsa:
            return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return self.private.public_key().public_bytes(Encoding.DER, public_format or PublicFormat.SubjectPublicKeyInfo)

    def record(self, **tags: str) -> bytes:
        """A plain key record; tags with an underscore in front stand before `k`, others behind `p`."""
        before = "".join(f"{name[1:]}={value}; " for name, value in tags.items() if name.startswith("_"))
        behind = "".join(f"; {name}={value}" for name, value in tags.items() if not name.startswith("_"))
        return f"{before}k={self.key_type}; p={encode_base64(self.public())}{behind}".encode()


# Those that libtecs signs with; shorter ones it does not, but verifiers have to deal with them.
SIGNING_KEYS = [Key(name) for name in ("ed25519", "rsa-1024", "rsa-1025", "rsa-2048", "rsa-2048-exponent-3", "rsa-3072",
                                       "rsa-4096")]
SHORT_KEYS = [Key(name) for name in ("rsa-512", "rsa-1000", "rsa-1023")]
LONG_KEY = Key("rsa-4104")
ED25519 = Key("ed25519")
OTHER_ED25519 = Key("ed25519-other")
RSA = Key("rsa-2048")
OTHER_RSA = Key("rsa-2048-other")


def connection(random: Random) -> Tuple:
    """From anywhere to anywhere."""
    address = random.choice((_ipv4, _ipv4, _ipv6, _ipv6, _mapped))
    return Tuple(_end(random, address), _end(random, address))


def _end(random: Random, address: Callable[[Random], str]) -> EndPoint:
    port = random.choice((1, 25, 25, 465, 587, 40213, 65535, random.randint(1, 65535)))
    return end_point(address(random), port)


def _ipv4(random: Random) -> str:
    return str(IPv4Address(random.choice((1, 2**32 - 1, 0xC0000219, random.randint(1, 2**32 - 1)))))


def _ipv6(random: Random) -> str:
    chosen = random.choice((1, 2**128 - 1, 0x20010DB8 << 96 | 0x25, random.getrandbits(128) | 1,
                            random.getrandbits(40) | 1))
    return str(IPv6Address(chosen))


def _mapped(random: Random) -> str:
    return f"::ffff:{_ipv4(random)}"


def domain(random: Random) -> str:
    labels = [_label(random) for _ in range(random.randint(2, 4))]
    return ".".join(labels)


def selector(random: Random) -> str | None:
    return random.choice((None, SELECTOR, "2007", "s1.mail", _label(random)))


def _label(random: Random) -> str:
    inner = "".join(random.choice("abcxyz0189-") for _ in range(random.choice((0, 1, 4, 12))))
    return random.choice("abz09") + inner + random.choice("abz09")


def changed_case(random: Random, text: str) -> str:
    return "".join(random.choice((character.upper(), character.lower())) for character in text)


def dressed(random: Random, tags: list[tuple[str, str]], *, keep_first: bool = False) -> str:
    """The same tag-list with other white space, other order, unknown tags, and perhaps a semicolon at the end."""
    first, rest = (tags[:1], tags[1:]) if keep_first else ([], list(tags))
    rest += random.sample([("z", ""), ("n", "a note, = or not"), ("Q", "x"), ("x_1", " spaced \r\n\tout ")],
                          random.randint(0, 2))
    random.shuffle(rest)
    pieces = [f"{_fold(random)}{name}{_fold(random)}={_fold(random)}{value}{_fold(random)}"
              for name, value in first + rest]
    return ";".join(pieces) + random.choice(("", ";", "; ", ";\r\n "))


def _fold(random: Random) -> str:
    return random.choice(FOLDS)


def broken_up(random: Random, text: str) -> str:
    """Base64 with white space inside."""
    places = sorted(random.sample(range(len(text) + 1), random.randint(0, 4)))
    parts = [text[start:end] for start, end in zip([0, *places], [*places, len(text)])]
    return "".join(part + _fold(random) for part in parts)


def dressed_credential(random: Random, credential: Credential) -> bytes:
    """One of the ways in which a client may write it."""
    tags = [("d", changed_case(random, credential.domain)),
            ("b", broken_up(random, encode_base64(credential.signature)))]
    if credential.selector is not None:
        tags.append(("s", changed_case(random, credential.selector)))
    if credential.algorithm != "rsa-sha256" or random.random() < 0.5:
        tags.append(("a", credential.algorithm))
    if random.random() < 0.5:
        query = random.choice(("dns", "dns/txt", "http : dns", "dns/txt:dns", ":\tdns:", "x:\r\n dns/txt :y"))
        tags.append(("q", query))
    return dressed(random, tags).encode()


def dressed_record(random: Random, key: Key) -> bytes:
    """One of the ways in which a domain may write a key record that can be used."""
    public_format = random.choice((PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)) if key.is_rsa else None
    tags = [("p", broken_up(random, encode_base64(key.public(public_format))))]
    if not key.is_rsa or random.random() < 0.5:
        tags.append(("k", key.key_type))
    if random.random() < 0.4:
        tags.append(("s", random.choice(("*", "email", "tecs", "email:tecs", "x : tecs", ":*"))))
    if random.random() < 0.3:
        tags.append(("h", random.choice(("sha256", "sha1:sha256", "sha1 : \r\n sha256 :"))))
    if random.random() < 0.3:
        tags.append(("t", random.choice(("", "s", "y", "s:y", "s : y", "Y", "y1"))))
    version = [("v", random.choice(("DKIM1", "TECS1")))] if random.random() < 0.6 else []
    return dressed(random, version + tags, keep_first=bool(version)).encode()
