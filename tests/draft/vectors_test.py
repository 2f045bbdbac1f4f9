"""The test vectors as a reader of the draft's text finds them: do they fit what libtecs and another library of keys say?"""

import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TECS = pathlib.Path(os.environ["TECS_BIN"]) / "tecs"


def appendix():
    """The sections of the appendix "Test Vectors", by title."""
    text = pathlib.Path(os.environ["TECS_DRAFT"]).read_text(encoding="ascii")
    (start,) = re.finditer(r"^Appendix ([A-Z])\.  Test Vectors\n", text, re.MULTILINE)
    heading = rf"^{start[1]}\.\d+\.  (.*)\n"
    end = re.compile(r"^(?:Appendix|[A-Z][a-z]+(?:'s)?(?: Address)?$)", re.MULTILINE).search(text, start.end())
    parts = re.split(heading, text[start.end():end.start()], flags=re.MULTILINE)
    return dict(zip(parts[1::2], (re.sub("^   ", "", part, flags=re.MULTILINE) for part in parts[2::2])))


def unfolded(lines):
    text = re.sub(r"\\\n *", "", lines)
    return text.replace("<TAB>", "\t").replace("<CRLF>", "\r\n")


class Vector:
    def __init__(self, text):
        self.facts = dict(re.findall(r"^([a-zE()' ]+): +(.+)$", text, re.MULTILINE))
        # A line that ends with a colon, and all that follows it up to an empty line.
        self.blocks = re.findall(r"^([^\n]+):\n((?:[^\n]+\n)+)", text, re.MULTILINE)
        self.records = [(title.removeprefix("TXT record at "), unfolded(lines.rstrip("\n")))
                        for title, lines in self.blocks if title.startswith("TXT record at ")]
        self.credential = unfolded(dict(self.blocks)["credential"].rstrip("\n"))
        self.octets = {title: bytes.fromhex(lines) for title, lines in self.blocks if "octets" in title}
        self.digests = [lines.strip() for title, lines in self.blocks if title == "SHA-256 of them"]
        result = re.fullmatch(r"(\w+)(?: \((.*)\))?", self.facts["result"])
        self.result, self.reason = result[1], result[2]
        self.testing = self.facts.get("testing") == "yes"

    @property
    def tags(self):
        pairs = (tag.split("=", 1) for tag in self.credential.split(";") if tag.strip())
        return {name.strip(): value.strip() for name, value in pairs}

    @property
    def signature(self):
        return base64.b64decode(self.tags["b"])

    @property
    def signed(self):
        """The octets that the client signed, as far as the draft tells."""
        return self.octets.get("signed octets") or self.octets.get("octets that the client signed")

    def zone(self):
        records = []
        for name, text in self.records:
            strings = " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))
            records.append(f"{name}. 300 IN TXT ( {strings} )\n")
        return "".join(records)

    def public_key(self):
        records = [dict(tag.strip().split("=", 1) for tag in record.split(";")) for _, record in self.records]
        (tags,) = [tags for tags in records if "p" in tags]
        octets = base64.b64decode(tags["p"])
        if tags.get("k") == "ed25519":
            return Ed25519PublicKey.from_public_bytes(octets)
        return serialization.load_der_public_key(octets)


def verify(key, signature, octets):
    if isinstance(key, Ed25519PublicKey):
        key.verify(signature, hashlib.sha256(octets).digest())
    else:
        key.verify(signature, octets, padding.PKCS1v15(), hashes.SHA256())


def sign(key, octets):
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(hashlib.sha256(octets).digest())
    return key.sign(octets, padding.PKCS1v15(), hashes.SHA256())


def tecs(*arguments):
    return subprocess.run([TECS, *arguments], capture_output=True, text=True, timeout=60, check=False)


class VectorsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sections = appendix()
        pems = re.findall(r"^([a-z0-9-]+):\n\n(-----BEGIN.*?-----END PRIVATE KEY-----\n)", sections.pop("Private Keys"),
                          re.MULTILINE | re.DOTALL)
        cls.pems = dict(pems)
        cls.vectors = {title: Vector(text) for title, text in sections.items()}

    def test_all_kinds_are_there(self):
        self.assertGreaterEqual(len(self.vectors), 19)
        self.assertEqual(set(self.pems), {"ed25519", "rsa-2048"})
        self.assertEqual({vector.result for vector in self.vectors.values()}, {"pass", "fail", "policy", "permerror"})
        self.assertTrue(any(vector.testing for vector in self.vectors.values()))
        self.assertEqual({len(octets) for vector in self.vectors.values() for octets in vector.octets.values()}, {29, 53})

    def test_no_line_of_a_block_is_too_long(self):
        for title, vector in self.vectors.items():
            with self.subTest(title):
                for _, lines in vector.blocks:
                    self.assertLessEqual(max(map(len, lines.split("\n"))), 69)

    def test_the_digests_are_those_of_the_octets(self):
        for title, vector in self.vectors.items():
            with self.subTest(title):
                self.assertEqual(vector.digests, [hashlib.sha256(octets).hexdigest() for octets in vector.octets.values()])

    def test_another_library_verifies_the_octets(self):
        for title, vector in self.vectors.items():
            with self.subTest(title):
                seen = vector.octets.get("octets as the server sees them, with E(now)")
                if vector.result == "pass":
                    verify(vector.public_key(), vector.signature, vector.signed)
                elif vector.result == "policy":
                    verify(vector.public_key(), vector.signature, seen)
                elif vector.reason == "signature-mismatch":
                    with self.assertRaises(InvalidSignature):
                        verify(vector.public_key(), vector.signature, seen)

    def test_another_library_makes_the_same_signatures(self):
        checked = 0
        for title, vector in self.vectors.items():
            with self.subTest(title):
                pem = self.pems.get(vector.facts["private key"])
                if pem is None or vector.signed is None:
                    continue
                key = serialization.load_pem_private_key(pem.encode(), password=None)
                self.assertEqual(sign(key, vector.signed), vector.signature)
                checked += 1
        self.assertGreaterEqual(checked, 5)

    def test_tecs_verifies_as_the_draft_says(self):
        for title, vector in self.vectors.items():
            with self.subTest(title):
                with tempfile.NamedTemporaryFile("w", suffix=".zone") as zone:
                    zone.write(vector.zone())
                    zone.flush()
                    answer = tecs("verify", "--json", "--zone", zone.name, "--time", vector.facts["server's time"],
                                  "--destination", vector.facts["destination"], "--source", vector.facts["source"],
                                  "--base64", base64.b64encode(vector.credential.encode()).decode())
                said = json.loads(answer.stdout)
                self.assertEqual((said["result"], said.get("reason")), (vector.result, vector.reason), said)
                self.assertEqual(said.get("testing", False), vector.testing)
                if vector.result == "pass":
                    offset = int(vector.facts["epoch signed"]) - int(vector.facts["E(now)"])
                    self.assertEqual(said["epoch_offset"], offset)

    def test_tecs_signs_as_the_draft_says(self):
        checked = 0
        for title, vector in self.vectors.items():
            with self.subTest(title):
                pem = self.pems.get(vector.facts["private key"])
                if pem is None or vector.result != "pass":
                    continue
                with tempfile.NamedTemporaryFile("w", suffix=".pem") as key:  # which only its owner may read
                    key.write(pem)
                    key.flush()
                    selector = ("--selector", vector.tags["s"]) if "s" in vector.tags else ()
                    answer = tecs("sign", "--key", key.name, "--domain", vector.tags["d"], *selector,
                                  "--destination", vector.facts["destination"], "--source", vector.facts["source"],
                                  "--time", vector.facts["epoch signed"])
                self.assertEqual(answer.stdout, vector.credential + "\n", answer.stderr)
                checked += 1
        self.assertGreaterEqual(checked, 4)


if __name__ == "__main__":
    unittest.main()
