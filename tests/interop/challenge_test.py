"""The challenge: both read the same out of it, whatever a server sends, and sign the same after it."""

from __future__ import annotations

import unittest
from random import Random

import material
import tecs_library
from material import DOMAIN, ED25519, NOW, SELECTOR
from mutations import mutated
from tecs_library import LibrarySigner, TecsError
from tecs_peer.base64_text import encode_base64
from tecs_peer.challenge import BadChallenge, decode_challenge, parse_challenge, use_challenge, write_challenge
from tecs_peer.credential import write_credential
from tecs_peer.key_lookup import TxtAnswer
from tecs_peer.signed_octets import EndPoint, Tuple, end_point
from tecs_peer.signer import Signer
from tecs_peer.verifier import verify

INSIDE = end_point("10.0.0.7", 50000)
OUTSIDE = end_point("198.51.100.7", 40213)
SERVER = end_point("192.0.2.25", 25)
ENDS = Tuple(SERVER, INSIDE)
ENDS6 = Tuple(end_point("2001:db8::25", 25), end_point("fd00::7", 50000))
MUTATIONS = 3000
EXCHANGES = 300
GOOD = (
    "c=198.51.100.7:40213; t=1170806410", "t=1170806410;c=198.51.100.7:40213;", "c=1.2.3.4:00025; t=0001170806410",
    "\r\n c = 1.2.3.4:65535 ;\tx=;\tt= 1170806410\t", "c=[2001:DB8::7]:1; t=0", "c=[::ffff:192.0.2.1]:25; t=1170806400",
    "c=[::FFFF:C000:201]:25; t=1170806400", "c=[1:2:3:4:5:6:7:8]:9; t=1", "c=[1:2:3:4:5:6:7::]:9; t=1",
    "c=[::2:3:4:5:6:7:8]:9; t=1", "c=[1::8]:9; t=1", "c=[::1.2.3.4]:9; t=1", "c=[1:2:3:4:5:6:1.2.3.4]:9; t=1",
    "c=[fe80::1]:9; t=1", "c=255.255.255.255:1; t=253402300799", "c=1.2.3.4:5; t=1; C=x; T=y", "c=[00a::0b]:7;t=1",
)
BAD = (
    " ", ";", "c=1.2.3.4:5", "t=1", "c=1.2.3.4:5; t=1; t=1", "c=1.2.3.4:0; t=1",
    "c=1.2.3.4:65536; t=1", "c=1.2.3.4:; t=1", "c=1.2.3.4; t=1", "c=1.2.3.4:+5; t=1",
    "c=0.0.0.0:5; t=1", "c=[::]:5; t=1", "c=[::ffff:0.0.0.0]:5; t=1",
    "c=[::0.0.0.0]:5; t=1", "c=01.2.3.4:5; t=1", "c=1.2.3.256:5; t=1", "c=1.2.3:5; t=1", "c=1.2.3.4.5:6; t=1",
    "c=[1.2.3.4]:5; t=1", "c=2001:db8::7:5; t=1", "c=[2001:db8::7]; t=1", "c=[1:2:3:4:5:6:7]:8; t=1",
    "c=[1:2:3:4:5:6:7:8:9]:1; t=1", "c=[1::2::3]:4; t=1", "c=[1::2:3:4:5:6:7:8]:9; t=1", "c=[12345::]:1; t=1",
    "c=[fe80::1%1]:9; t=1", "c=[:1::]:9; t=1", "c=[1:2:3:4:5:6:7:1.2.3.4]:9; t=1", "c=[::1.2.3.4:5]:9; t=1",
    "c=[g::]:9; t=1",
    "c=1.2.3.4 :5; t=1", "c=1.2.3.4: 5; t=1", "c=1.2.3.4:5; t=", "c=1.2.3.4:5; t=-1", "c=1.2.3.4:5; t=1.0",
    "c=1.2.3.4:5; t=253402300800", "c=1.2.3.4:5; t=99999999999999999999999", "c=1.2.3.4:5; t=0x1",
    "c=; t=1", "c=1.2.3.4:5;; t=1",
    "c=1.2.3.4:5; t=1\r\n", "c=1.2.3.4:5; t=1; x", "c=1.2.3.4:123456; t=1", "c=[::01.2.3.4]:5; t=1",
)


class Challenges(unittest.TestCase):
    def both_use(self, challenge: bytes, ends: Tuple = ENDS, now: int = NOW,
                 skew: int = 120, *, in_base64: bool = False) -> tuple[Tuple, int] | None:
        """What both sign after it; None: both take it for malformed."""
        try:
            ours = use_challenge(decode_challenge(challenge) if in_base64 else challenge, ends, now, skew)
            expected = (str(ours[0].destination), str(ours[0].source), ours[1])
        except BadChallenge:
            ours = expected = None
        encoding = tecs_library.BASE64 if in_base64 else tecs_library.DECODED
        try:
            theirs = tecs_library.use_challenge(challenge, ends, now, skew, encoding)
        except TecsError:
            theirs = None
        self.assertEqual(_read(expected), _read(theirs), f"challenge: {challenge!r}; Section 8 of the draft")
        return ours

    def test_good_challenges(self) -> None:
        for text in GOOD:
            for ends in (ENDS, ENDS6):
                with self.subTest(text):
                    self.assertIsNotNone(self.both_use(text.encode(), ends))

    def test_bad_challenges(self) -> None:
        for text in BAD:
            with self.subTest(text):
                self.assertIsNone(self.both_use(text.encode()))

    def test_an_empty_challenge_changes_nothing(self) -> None:
        self.assertEqual((ENDS, NOW), self.both_use(b""))

    def test_the_length(self) -> None:
        longest = b"c=1.2.3.4:5; t=1; x=".ljust(512, b"y")
        self.assertIsNotNone(self.both_use(longest))
        self.assertIsNone(self.both_use(longest + b"y"))
        zeros = b"c=1.2.3.4:" + b"0" * 400 + b"5; t=" + b"0" * 80 + b"1"
        self.assertIsNotNone(self.both_use(zeros))

    def test_the_source_is_taken_if_it_is_of_the_family_of_the_destination(self) -> None:
        text = b"c=198.51.100.7:40213; t=1170806410"
        self.assertEqual((Tuple(SERVER, OUTSIDE), NOW), self.both_use(text))
        self.assertEqual((ENDS6, NOW), self.both_use(text, ENDS6))

    def test_the_time_is_taken_within_the_skew(self) -> None:
        for skew in (0, 1, 120, 3600):
            for offset in (-skew - 1, -skew, 0, skew, skew + 1):
                used = self.both_use(b"c=198.51.100.7:40213; t=%d" % (NOW + offset), skew=skew)
                self.assertEqual(NOW + offset if abs(offset) <= skew else NOW, used[1])
        self.assertRaises(TecsError, tecs_library.use_challenge, b"", ENDS, NOW, 3601)

    def test_both_write_the_same(self) -> None:
        for seed in range(EXCHANGES):
            random = Random(seed)
            client, time = material.connection(random).source, random.randint(0, 253402300799)
            ours, theirs = write_challenge(client, time), tecs_library.write_challenge(client, time)
            self.assertEqual(parse_challenge(ours.encode()), parse_challenge(theirs.encode()))
            if not has_ipv4_at_its_end(client):
                self.assertEqual(ours, theirs)

    def test_a_translated_client_signs_what_the_server_sees(self) -> None:
        for seed in range(EXCHANGES):
            random = Random(seed)
            seen, own = material.connection(random), material.connection(random)
            if seen.destination.address.version != own.source.address.version:
                continue
            skewed = NOW + random.randint(-200, 200)
            challenge = write_challenge(seen.source, NOW).encode()
            ends, time = self.both_use(challenge, Tuple(seen.destination, own.source), skewed)
            signed = write_credential(Signer(DOMAIN, SELECTOR, ED25519.private).sign(ends, time))
            self.assertEqual(signed, LibrarySigner(DOMAIN, SELECTOR, ED25519.of_libtecs).sign(ends, time).full)
            records = {f"{SELECTOR}._domainkey.{DOMAIN}": TxtAnswer((ED25519.record(),))}
            result = verify(signed.encode(), [seen], NOW, records).result
            self.assertEqual(result, tecs_library.verify(signed.encode(), [seen], NOW, records).result)
            if abs(skewed - NOW) <= 120:
                self.assertEqual("pass", result)

    def test_mutated_challenges(self) -> None:
        for seed in range(MUTATIONS):
            random = Random(seed)
            with self.subTest(seed=seed):
                self.both_use(mutated(random, random.choice(GOOD).encode()), random.choice((ENDS, ENDS6)))

    def test_base64(self) -> None:
        good = encode_base64(GOOD[0].encode())
        longest, too_long = (encode_base64(b"c=1.2.3.4:5; t=1; x=".ljust(length, b"y")) for length in (512, 513))
        for text in ("", good, longest):
            self.assertIsNotNone(self.both_use(text.encode(), in_base64=True))
        for text in (good + "\r\n", " " + good, good.rstrip("="), good[:9] + " " + good[9:], good[:-3] + "B==", "=",
                     "AAAA", too_long, "A" * 688):
            with self.subTest(text):
                self.assertIsNone(self.both_use(text.encode(), in_base64=True))


def has_ipv4_at_its_end(client: EndPoint) -> bool:
    """RFC 5952, Section 5, leaves it to the writer which of these addresses have their last part in decimal."""
    return client.address.version == 6 and client.address.packed[:12] == bytes(12)


def _read(answer: tuple[str, str, int] | None) -> tuple[str, str, int] | None:
    """Addresses as numbers, as there is more than one way to write some of them."""
    if answer is None:
        return None
    return (*(_address(text) for text in answer[:2]), answer[2])


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    return str(end_point(host.strip("[]"), int(port)))


if __name__ == "__main__":
    unittest.main()
