"""The draft's examples and test vectors are what both say, and the peer cites the draft as it is numbered."""

from __future__ import annotations

import hashlib
import pathlib
import re
import subprocess
import sys
import unittest
from functools import cached_property

from agreement import AgreementTestCase
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tecs_peer.challenge import parse_challenge, write_challenge
from tecs_peer.credential import decode_response, initial_response, parse_credential
from tecs_peer.epoch import epoch_of
from tecs_peer.key_lookup import TxtAnswer
from tecs_peer.signed_octets import EndPoint, Tuple, end_point, signed_octets
from tecs_peer.signer import sign_octets

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DRAFT = (PROJECT / "rfc-draft" / "draft-tecs-sasl.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^~~~[^\n]*\n(.*?)^~~~\n(?:\{:([^\n]*)\})?", re.MULTILINE | re.DOTALL)
CITATION = re.compile(r"([0-9]+(?:\.[0-9]+)*)\s+\(([a-z][a-z0-9-]+)\)")
END_POINT = re.compile(r"\[?([0-9a-f.:]+?)\]?:([0-9]+)")


def blocks(title: str) -> list[str]:
    """What is shown in the draft under this title."""
    return [found[1] for found in BLOCK.finditer(DRAFT) if title in (found[2] or "")]


def read_end_point(text: str) -> EndPoint:
    address, port = END_POINT.fullmatch(text).groups()
    return end_point(address, int(port))


def tuple_of(destination: str, source: str) -> Tuple:
    return Tuple(read_end_point(destination), read_end_point(source))


class Examples(AgreementTestCase):
    ends = tuple_of("192.0.2.25:25", "198.51.100.7:40213")
    ipv6_ends = tuple_of("[2001:db8:1::25]:25", "[2001:db8:2::7]:40213")
    time = 1170806410

    def setUp(self) -> None:
        (self.credential,) = ("".join(block.split("\n")) for block in blocks("example-credential"))
        (record,) = blocks("example-record")
        self.records = {"t1._domainkey.sender.example": TxtAnswer((record.strip().encode(),))}

    def test_the_line_of_the_dialogue(self) -> None:
        (dialogue,) = blocks("example-dialogue")
        response = "".join(re.search(r"AUTH TECS-1 (.*?)\nS:", dialogue, re.DOTALL)[1].split())
        self.assertEqual(self.credential.encode(), decode_response(response.encode()))
        self.assertEqual(response, initial_response(parse_credential(self.credential.encode())))
        self.assertIn(f"one line of {len(self.credential)}\noctets", DRAFT)
        verification = self.both_verify(response.encode(), [self.ends], self.time, self.records, in_base64=True)
        self.assert_result(verification, "pass")

    def test_the_dialogue_with_a_challenge(self) -> None:
        (dialogue,) = blocks("example-challenge")
        challenge = decode_response(re.search(r"334 (\S+)", dialogue)[1].encode())
        self.assertEqual(write_challenge(self.ends.source, self.time).encode(), challenge)
        self.assertEqual(self.ends.source, parse_challenge(challenge).client)
        response = "".join(re.search(r"334 \S+\nC: (.*?)\nS:", dialogue, re.DOTALL)[1].split())
        self.assertEqual(self.credential.encode(), decode_response(response.encode()))

    def test_the_signed_octets(self) -> None:
        for title, ends in (("Example for IPv4", self.ends), ("Example for IPv6", self.ipv6_ends)):
            (block,) = blocks(title)
            octets, digest = block.split("SHA-256:")
            lines = re.findall(r"^ *((?:[0-9a-f]{2} ?)+?)(?: {2,}.*)?$", octets, re.MULTILINE)
            signed = signed_octets(ends, epoch_of(self.time))
            self.assertEqual(signed, bytes.fromhex("".join(lines)))
            self.assertEqual(hashlib.sha256(signed).digest(), bytes.fromhex("".join(digest.split())))

    def test_the_epochs(self) -> None:
        rows = re.findall(r"^\| (\d+) \| (\d+) \|$", DRAFT, re.MULTILINE)
        self.assertEqual(5, len(rows))
        for time, epoch in rows:
            self.assertEqual(int(epoch), epoch_of(int(time)))


def section_numbers() -> dict[str, str]:
    """The numbers of the sections by their names, as the renderer of the draft counts them."""
    numbers, counts = {}, [0]
    middle = DRAFT.split("\n--- middle\n")[1].split("\n--- back\n")[0]
    for hashes, name in re.findall(r"^(#+) [^{\n]*(?:\{#([a-z0-9-]+)\})?$", middle, re.MULTILINE):
        counts = [*counts[: len(hashes)], *[0] * (len(hashes) - len(counts))]
        counts[-1] += 1
        if name:
            numbers[name] = ".".join(map(str, counts))
    return numbers


class Citations(unittest.TestCase):
    def test_the_peer_cites_sections_as_they_are(self) -> None:
        numbers, cited = section_numbers(), set()
        for path in pathlib.Path(__file__).parent.rglob("*.py"):
            for number, name in CITATION.findall(path.read_text(encoding="utf-8")):
                cited.add(name)
                self.assertEqual((name, numbers.get(name)), (name, number), path.name)
        self.assertGreater(len(cited), 15)


class Vector:
    """One section of the appendix."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fact(self, name: str) -> str | None:
        found = re.search(rf"^{re.escape(name)}: +(.*)$", self.text, re.MULTILINE)
        return found and found[1]

    def shown(self, name: str) -> list[str]:
        """What stands behind lines with this name, up to an empty line, and not wrapped any more."""
        found = re.findall(rf"^{name}:\n(.*?)(?=\n\n|\Z)", self.text, re.MULTILINE | re.DOTALL)
        return [re.sub(r"\\\n *", "", each).replace("<TAB>", "\t").replace("<CRLF>", "\r\n") for each in found]

    def octets(self) -> bytes | None:
        (found, *_) = [*self.shown(r"(?:signed octets|octets that the client signed)"), None]
        return None if found is None else bytes.fromhex(found)

    def records(self) -> dict[str, TxtAnswer]:
        texts: dict[str, tuple[bytes, ...]] = {}
        for name in dict.fromkeys(re.findall(r"^TXT record at (\S+):$", self.text, re.MULTILINE)):
            texts[name] = tuple(text.encode() for text in self.shown(rf"TXT record at {re.escape(name)}"))
        return {name: TxtAnswer(found) for name, found in texts.items()}


class Vectors(AgreementTestCase):
    @cached_property
    def sections(self) -> dict[str, str]:
        cases = PROJECT / "tests" / "cases" / "verify"
        command = [sys.executable, "-B", str(PROJECT / "rfc-draft" / "vectors.py"), str(cases)]
        made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        parts = re.split(r"^## (.*)\n", made, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2]))

    def test_the_appendix(self) -> None:
        sections = dict(self.sections)
        keys = dict(re.findall(r"^(\S+):\n\n~~~\n(.*?)~~~$", sections.pop("Private Keys"), re.MULTILINE | re.DOTALL))
        self.assertGreater(len(sections), 10)
        for title, text in sections.items():
            with self.subTest(title):
                (block,) = re.findall(r"^~~~\n(.*?)^~~~$", text, re.MULTILINE | re.DOTALL)
                self._check(Vector(block), keys)

    def _check(self, vector: Vector, keys: dict[str, str]) -> None:
        ends = tuple_of(vector.fact("destination"), vector.fact("source"))
        time = int(vector.fact("server's time"))
        self.assertEqual(int(vector.fact("E(now)")), epoch_of(time))
        if vector.fact("epoch signed"):
            self.assertEqual(signed_octets(ends, int(vector.fact("epoch signed"))), vector.octets())
        (credential,) = vector.shown("credential")
        if vector.octets() and vector.fact("private key") in keys:
            key = load_pem_private_key(keys[vector.fact("private key")].encode(), None)
            self.assertEqual(sign_octets(key, vector.octets()), parse_credential(credential.encode()).signature)
        verification = self.both_verify(credential.encode(), [ends], time, vector.records())
        reason = f" ({verification.reason})" if verification.reason else ""
        self.assertEqual(vector.fact("result"), verification.result + reason)


if __name__ == "__main__":
    unittest.main()
