"""What must not pass, and what must in spite of its look: both verifiers give the result that the draft fixes."""

from __future__ import annotations

import hashlib
import unittest
from dataclasses import replace

import material
import tecs_library
from agreement import AgreementTestCase
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from material import DOMAIN, ED25519, NOW, OTHER_ED25519, OTHER_RSA, RSA, SELECTOR, Key
from tecs_library import LibrarySigner, TecsError
from tecs_peer.key_record import SMALL_ORDER
from tecs_peer.base64_text import encode_base64
from tecs_peer.credential import Credential, write_credential
from tecs_peer.epoch import epoch_of
from tecs_peer.key_lookup import TxtAnswer
from tecs_peer.signed_octets import EndPoint, NotUsable, Tuple, end_point, signed_octets
from tecs_peer.signer import Signer, sign_octets
from tecs_peer.verifier import DEFAULTS, ReplayMemory, Settings, Verification

ENDS = Tuple(end_point("192.0.2.25", 25), end_point("198.51.100.7", 40213))
NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
ED25519_RECORD = ED25519.record()
PASS = ("pass", None)
BAD_RECORD = ("permerror", "bad-key-record")
MISMATCH = ("fail", "signature-mismatch")


def credential(key: Key = ED25519, ends: Tuple = ENDS, time: int = NOW) -> Credential:
    return Signer(DOMAIN, SELECTOR, key.private).sign(ends, time)


def b(key: Key = ED25519) -> str:
    return encode_base64(credential(key).signature)


def at(name: str = NAME, *texts: bytes, **more: object) -> dict[str, TxtAnswer]:
    return {name: TxtAnswer(texts, **more)}


class RefusalTestCase(AgreementTestCase):
    def check(self, expected: tuple[str, str | None], text: str | bytes | Credential,
              records: dict[str, TxtAnswer] | None = None, candidates: tuple[Tuple, ...] = (ENDS,), now: int = NOW,
              settings: Settings = DEFAULTS, **more: bool) -> Verification:
        if isinstance(text, Credential):
            text = write_credential(text)
        octets = text.encode("latin-1") if isinstance(text, str) else text
        records = at(NAME, ED25519_RECORD) if records is None else records
        with self.subTest(credential=octets, records=records):
            verification = self.both_verify(octets, candidates, now, records, settings, **more)
            self.assert_result(verification, *expected)
            return verification


class Connections(RefusalTestCase):
    def test_other_ends_do_not_verify(self) -> None:
        for part in ("destination", "source"):
            end: EndPoint = getattr(ENDS, part)
            for other in (replace(end, port=end.port + 1), end_point("192.0.2.26", end.port)):
                self.check(MISMATCH, credential(), candidates=(replace(ENDS, **{part: other}),))

    def test_exchanged_ends_do_not_verify(self) -> None:
        self.check(MISMATCH, credential(), candidates=(Tuple(ENDS.source, ENDS.destination),))

    def test_ipv6_that_is_not_mapped_stays_ipv6(self) -> None:
        compatible = Tuple(end_point("::192.0.2.25", 25), end_point("::198.51.100.7", 40213))
        self.check(MISMATCH, credential(), candidates=(compatible,))
        self.check(PASS, credential(ends=compatible), candidates=(compatible,))

    def test_the_first_candidate_that_fits_tells_the_connection(self) -> None:
        other = replace(ENDS, source=end_point("198.51.100.7", 40214))
        verification = self.check(PASS, credential(), candidates=(other, ENDS, ENDS))
        self.assertEqual(1, verification.candidate)

    def test_64_combinations_are_tried_with_ed25519(self) -> None:
        others = tuple(replace(ENDS, source=end_point("198.51.100.7", port)) for port in range(1, 64))
        self.check(PASS, credential(), candidates=(*others, ENDS), settings=Settings(tolerance=0))

    def test_without_a_tuple_nothing_is_looked_up(self) -> None:
        self.check(("temperror", "unknown-connection"), credential(), candidates=())

    def test_end_points_that_are_not_usable(self) -> None:
        for address, text in (("0.0.0.0", "0.0.0.0:25"), ("::", "[::]:25"), ("fe80::1%1", "[fe80::1%1]:25"),
                              ("::ffff:0.0.0.0", "[::ffff:0.0.0.0]:25")):
            with self.subTest(text):
                self.assertRaises(NotUsable, end_point, address, 25)
                self.assertRaises(TecsError, tecs_library.read_end_point, text)
        self.assertRaises(NotUsable, end_point, "192.0.2.25", 0)
        self.assertRaises(TecsError, tecs_library.read_end_point, "192.0.2.25:0")

    def test_two_address_families_make_no_tuple(self) -> None:
        ends = tecs_library.CTuple(tecs_library.read_end_point("192.0.2.25:25"),
                                   tecs_library.read_end_point("[2001:db8::7]:40213"))
        signer = LibrarySigner(DOMAIN, SELECTOR, ED25519.of_libtecs)
        self.assertRaisesRegex(TecsError, "family-mismatch", signer.sign_c_tuple, ends, NOW)
        self.assertRaises(NotUsable, Tuple, end_point("192.0.2.25", 25), end_point("2001:db8::7", 40213))

    def test_mapped_addresses_are_ipv4_wherever_they_stand(self) -> None:
        ends = tecs_library.CTuple(tecs_library.read_end_point("[::ffff:192.0.2.25]:25"),
                                   tecs_library.read_end_point("[0:0:0:0:0:FFFF:C633:6407]:40213"))
        theirs = LibrarySigner(DOMAIN, SELECTOR, ED25519.of_libtecs).sign_c_tuple(ends, NOW)
        self.assertEqual(write_credential(credential()), theirs.full)
        mapped = Tuple(end_point("::ffff:192.0.2.25", 25), end_point("::ffff:c633:6407", 40213))
        self.assertEqual(ENDS, mapped)


class Times(RefusalTestCase):
    def test_the_edges_of_the_tolerance(self) -> None:
        signed, epoch = credential(), epoch_of(NOW)
        for tolerance in (0, 1, 2, 20):
            edge, settings = 30 * tolerance + 15, Settings(tolerance=tolerance)
            for now, expected in ((epoch - edge, PASS), (epoch - edge - 1, MISMATCH), (epoch + edge - 1, PASS),
                                  (epoch + edge, MISMATCH)):
                self.check(expected, signed, now=now, settings=settings)

    def test_halves_are_rounded_up(self) -> None:
        self.assertEqual([1170806370, 1170806400, 1170806400, 1170806400, 1170806430],
                         [epoch_of(each) for each in (1170806384, 1170806385, 1170806410, 1170806414, 1170806415)])

    def test_the_beginning_and_the_end_of_time(self) -> None:
        for time in (0, 14, 15, 44, 253402300799):
            self.check(PASS, credential(time=time), now=time)

    def test_no_epoch_is_before_1970(self) -> None:
        """Integers are unsigned, so that there are no octets for it; Section 9.2.1 (verify-signature)."""
        octets = signed_octets(ENDS, 0)[:-8]
        for number in (2**64 - 30, 30):
            signature = sign_octets(ED25519.private, octets + number.to_bytes(8, "big"))
            self.check(MISMATCH if number > 30 else PASS, replace(credential(), signature=signature), now=0)

    def test_nothing_but_multiples_of_30_is_an_epoch(self) -> None:
        octets = signed_octets(ENDS, 0)[:-8] + NOW.to_bytes(8, "big")
        self.check(MISMATCH, replace(credential(), signature=sign_octets(ED25519.private, octets)))


class Signatures(RefusalTestCase):
    def test_other_keys_do_not_verify(self) -> None:
        self.check(MISMATCH, credential(), at(NAME, OTHER_ED25519.record()))
        self.check(MISMATCH, credential(RSA), at(NAME, OTHER_RSA.record()))

    def test_the_type_of_the_key_has_to_fit(self) -> None:
        mismatch = ("permerror", "key-type-mismatch")
        self.check(mismatch, credential(), at(NAME, RSA.record()))
        self.check(mismatch, credential(RSA), at(NAME, ED25519_RECORD))
        self.check(mismatch, f"d={DOMAIN}; s={SELECTOR}; b={b()}")  # the default of `a` is rsa-sha256

    def test_the_length_of_a_signature_is_that_of_its_key(self) -> None:
        for key in (ED25519, RSA, Key("rsa-1025")):
            signed, records = credential(key), at(NAME, key.record())
            for changed in (signed.signature[:-1], signed.signature + b"\x00", b"\x00" + signed.signature, b"\x00"):
                self.check(MISMATCH, replace(signed, signature=changed), records)

    def test_a_number_above_the_modulus_is_no_signature(self) -> None:
        key = Key("rsa-1025")
        modulus = key.private.public_key().public_numbers().n
        signed = credential(key)
        number = int.from_bytes(signed.signature, "big") + modulus
        self.check(MISMATCH, replace(signed, signature=number.to_bytes(129, "big")), at(NAME, key.record()))

    def test_ed25519_signs_the_digest(self) -> None:
        signature = ED25519.private.sign(signed_octets(ENDS, epoch_of(NOW)))
        self.check(MISMATCH, replace(credential(), signature=signature))

    def test_only_one_encoding_of_the_digest_is_accepted(self) -> None:
        digest = hashlib.sha256(signed_octets(ENDS, epoch_of(NOW))).digest()
        numbers = RSA.private.private_numbers()
        modulus, exponent = numbers.public_numbers.n, numbers.d
        without_null = bytes.fromhex("302f300b0609608648016503040201" + "0420") + digest
        with_null = bytes.fromhex("3031300d060960864801650304020105000420") + digest
        for digest_info, filling in ((without_null, b"\xff"), (with_null, b"\xfe"), (digest, b"\xff")):
            message = b"\x00\x01" + filling * (253 - len(digest_info)) + b"\x00" + digest_info
            signature = pow(int.from_bytes(message, "big"), exponent, modulus).to_bytes(256, "big")
            self.check(MISMATCH, replace(credential(RSA), signature=signature), at(NAME, RSA.record()))
        sha1 = RSA.private.sign(signed_octets(ENDS, epoch_of(NOW)), PKCS1v15(), SHA1())
        self.check(MISMATCH, replace(credential(RSA), signature=sha1), at(NAME, RSA.record()))
        twice = RSA.private.sign(digest, PKCS1v15(), SHA256())
        self.check(MISMATCH, replace(credential(RSA), signature=twice), at(NAME, RSA.record()))

    def test_short_keys_are_policy_if_their_signature_is_right(self) -> None:
        for key in material.SHORT_KEYS:
            self.check(("policy", "key-too-short"), credential(key), at(NAME, key.record()))
            self.check(MISMATCH, credential(key), at(NAME, key.record()), now=NOW + 60)
        settings = Settings(minimum_bits=2049)
        self.check(("policy", "key-too-short"), credential(RSA), at(NAME, RSA.record()), settings=settings)

    def test_long_keys_are_none(self) -> None:
        long, settings = material.LONG_KEY, Settings(maximum_bits=2048)
        too_large = ("permerror", "key-too-large")
        self.check(too_large, credential(long), at(NAME, long.record()))
        self.check(too_large, credential(RSA), at(NAME, Key("rsa-3072").record()), settings=settings)
        self.check(PASS, credential(RSA), at(NAME, RSA.record()), settings=settings)
        self.check(PASS, credential(long), at(NAME, long.record()), settings=Settings(maximum_bits=4104))

    def test_a_key_without_dnssec_is_policy_where_it_is_demanded(self) -> None:
        settings = Settings(require_dnssec=True)
        self.check(("policy", "no-dnssec"), credential(), settings=settings)
        self.check(PASS, credential(), at(NAME, ED25519_RECORD, dnssec=True), settings=settings)
        self.check(MISMATCH, credential(), settings=settings, now=NOW + 60)
        plain = f"a=ed25519-sha256; d={DOMAIN}; b={b()}"
        first, second = f"_domainkey.{DOMAIN}", f"_tecs.{DOMAIN}"
        found = at(second, ED25519_RECORD, dnssec=True)
        self.check(("policy", "no-dnssec"), plain, found, settings=settings)
        self.check(PASS, plain, found | at(first, dnssec=True), settings=settings)


class CredentialTexts(RefusalTestCase):
    def test_malformed_lists(self) -> None:
        good = write_credential(credential())
        pieces = (";", "=", " ", "", ";" + good, good + ";;", good + "; ;", good + "\r\n", good + "\n ", good + "\r ",
                  good + ";\r\n", good + "; x", good + "; =", good + "; 1=2", good + "; _=2", good + "; x y=2",
                  good + "; x-y=2", good + "; d=" + DOMAIN, good + "; x=1; x=2", good + "; x=\x00", good + "; x=\x7f",
                  good + "; x=\x80", good + "; x=\x0b", good.replace("; ", ";\n"), good.replace("; ", ";\r\n"),
                  "\ufeff".encode().decode("latin-1") + good)
        for text in pieces:
            self.check(("permerror", "bad-credential"), text)

    def test_good_lists(self) -> None:
        good = write_credential(credential())
        for text in (good + ";", good + "; ", good + ";\r\n ", "\r\n\t" + good, good.replace("; ", ";"),
                     good.replace("; ", ";\r\n \r\n\t"), good.replace("=", "\r\n = \t", 4), good + "; x=",
                     good + "; D=x.y",
                     good + "; x===; y_1=\x20\x7e", good.replace("q=dns; ", "")):
            self.check(PASS, text)

    def test_values(self) -> None:
        for tag, values, expected in (
            ("a", ("", "RSA-SHA256", "Ed25519-sha256", "rsa-sha1", "ed25519 -sha256", "ed25519-sha256:rsa-sha256"),
             ("permerror", "unknown-algorithm")),
            ("q", ("", "DNS", "dns/TXT", "http", ":", "dns /txt", "dns/", "dns/txt/x", "d ns", "dns,dns"),
             ("permerror", "unknown-query")),
            ("q", ("dns/txt", "dns:x", ": dns", "x:y:dns/txt:", "http\r\n :\r\n dns"), PASS),
            ("d", ("example", "sender.example.", ".example", "a..b", "-a.b", "a-.b", "a.b-", "a_b.c", "a b.c",
                   "a.b\r\n .c", "a" * 64 + ".b", "[192.0.2.1]", "a.b/c", "x." + ".".join(["a" * 63] * 4)),
             ("permerror", "bad-domain")),
            ("d", ("Sender.EXAMPLE", "SENDER.example\r\n "), PASS),
            ("d", ("", " ", "\r\n "), ("permerror", "missing-tag")),
            ("s", ("", ".", "t1.", "t_1", "-t", "t-", "t 1", "t" * 64), ("permerror", "bad-selector")),
            ("s", ("T1", "\tt1 "), PASS),
            ("s", ("t2", "a" * 63), ("permerror", "no-key")),
            ("b", ("", "\t"), ("permerror", "missing-tag")),
            ("b", ("=", "====", "A", "AA", "AAA", "AA=", "AB==", "AAB=", "AA==A", "AAA=AAAA", "A===", "AA==AA==",
                   "A-_A", "AAAA!", "AAAA=", "A=A=", b()[:-2], b() + "AAAA", b() + "=", b().rstrip("=")),
             ("permerror", "bad-signature")),
            ("b", ("AAAA", "A A\r\n A A", "AA==", "A A = =", "AAA ="), MISMATCH),
            ("b", (" ".join(b()), b().replace("=", "\r\n = ")), PASS),
        ):
            for value in values:
                self.check(expected, self._with(tag, value))

    def _with(self, tag: str, value: str) -> str:
        tags = {"a": "ed25519-sha256", "q": "dns", "d": DOMAIN, "s": SELECTOR, "b": b()} | {tag: value}
        return "; ".join(f"{name}={text}" for name, text in tags.items())

    def test_missing_tags(self) -> None:
        for text in (f"s={SELECTOR}; b={b()}", f"d={DOMAIN}; s={SELECTOR}", "x=y"):
            self.check(("permerror", "missing-tag"), text)

    def test_the_first_of_several_faults_is_the_reason(self) -> None:
        tags = [("a=x", "unknown-algorithm"), ("q=x", "unknown-query"), ("d=x", "bad-domain"), ("s=_", "bad-selector"),
                ("b=_", "bad-signature")]
        for first in range(len(tags)):
            present = tags[first:] if first <= 2 else [(f"d={DOMAIN}", ""), *tags[first:]]
            self.check(("permerror", tags[first][1]), ";".join(tag for tag, _ in reversed(present)))
        self.check(("permerror", "bad-credential"), "a=x;d=x;b=_;;")
        self.check(("permerror", "missing-tag"), "s=_; b=_")

    def test_lengths(self) -> None:
        good = write_credential(credential())
        longest = good + "; x=" + "y" * (4096 - len(good) - 4)
        self.check(PASS, longest)
        self.check(("permerror", "credential-too-long"), longest + "y")
        self.check(PASS, encode_base64(longest.encode()), in_base64=True)
        self.check(("permerror", "credential-too-long"), encode_base64(longest.encode() + b"y"), in_base64=True)
        self.check(("permerror", "credential-too-long"), "!" * 5465, in_base64=True)
        self.check(("permerror", "bad-base64"), "!" * 5464, in_base64=True)

    def test_responses_that_are_not_base64(self) -> None:
        good = encode_base64((write_credential(credential()) + " ").encode())
        self.check(PASS, good, in_base64=True)
        for text in ("=", "====", "*", good[:-1], good + "\r\n", " " + good, good + "=", good[:40] + " " + good[40:],
                     good.replace("Y", "-", 1), good + "\x00", good + "AA"):
            self.check(("permerror", "bad-base64"), text, in_base64=True)
        for text in ("AAAA", "ZD0=", encode_base64(b";")):
            self.check(("permerror", "bad-credential" if text != "ZD0=" else "missing-tag"), text, in_base64=True)
        self.check(("permerror", "bad-credential"), "", in_base64=True)


class KeyRecords(RefusalTestCase):
    p = encode_base64(ED25519.public())

    def test_records_that_can_be_used(self) -> None:
        p = self.p
        for text in (f"p={p};k=ed25519", f"v=DKIM1;k=ed25519;p={p};", f"v=TECS1; p={p}; k=ed25519 ; n=;\r\n ",
                     f" v = DKIM1 ; k=ed25519; p={' '.join(p)}", f"k=ed25519;p={p};s=x:email", f"k=ed25519;p={p};s=\t*",
                     f"k=ed25519;p={p};h=sha1 : sha256", f"k=ed25519;p={p};g=;x=y;V=1;P=x;K=rsa",
                     f"t=Y;k=ed25519;p={p}", f"t=x y;k=ed25519;p={p}"):
            verification = self.check(PASS, credential(), at(NAME, text.encode()))
            self.assertFalse(verification.testing)

    def test_records_that_cannot_be_used(self) -> None:
        p = self.p
        for text in (f"k=ed25519;v=DKIM1;p={p}", f"v=DKIM2;k=ed25519;p={p}", f"v=;k=ed25519;p={p}",
                     f"v=dkim1;k=ed25519;p={p}", f"v=DKIM1 TECS1;k=ed25519;p={p}", f"k=;p={p}", f"k=Ed25519;p={p}",
                     f"k=rsa;p={p}", f"p={p}", f"k=x;p={p}", f"k=ed25519;p={p};h=", f"k=ed25519;p={p};h=sha1",
                     f"k=ed25519;p={p};h=SHA256", f"k=ed25519;p={p};s=", f"k=ed25519;p={p};s=web",
                     f"k=ed25519;p={p};s=TECS",
                     f"k=ed25519;p={p};p={p}", f"k=ed25519;p={p};x=1;x=2", f"k=ed25519;;p={p}", f";k=ed25519;p={p}",
                     f"k=ed25519;p={p}\r\n", f"k=ed25519;p={p};x=\x80", f"k=ed25519;p={p};x", f"k=ed25519;p={p[:-1]}",
                     "k=ed25519;p=AAAA", f"k=ed25519;p=AA{p}", "k=ed25519;p=!",
                     f"k=ed25519;p={encode_base64(bytes(33))}", f"k=ed25519;p={encode_base64(bytes(31))}",
                     *(f"k=ed25519;p={encode_base64(y[:31] + bytes([y[31] | sign]))}" for y in SMALL_ORDER
                       for sign in (0, 0x80)),
                     f"k=ed25519;p={p};k=ed25519", f"\x00;p={p}"):
            self.check(BAD_RECORD, credential(), at(NAME, text.encode("latin-1")))

    def test_revoked_keys(self) -> None:
        for text in ("p=", "p= ", "v=DKIM1;p=;", "k=x;h=x;s=x;p=\r\n ", "k=rsa;p="):
            self.check(("fail", "key-revoked"), credential(), at(NAME, text.encode()))
        for text in ("v=x;p=", "k=rsa;v=DKIM1;p=", "p=;p=", "p=;;"):
            self.check(BAD_RECORD, credential(), at(NAME, text.encode()))

    def test_domains_that_are_testing(self) -> None:
        for t in ("y", "s:y", " y ", "x :\r\n y: z"):
            for text, expected in ((f"k=ed25519;p={self.p};t={t}", PASS), (f"t={t};p=", ("fail", "key-revoked")),
                                   (OTHER_ED25519.record(t=t).decode(), MISMATCH),
                                   (RSA.record(t=t).decode(), ("permerror", "key-type-mismatch"))):
                self.assertTrue(self.check(expected, credential(), at(NAME, text.encode())).testing)

    def test_what_cannot_be_read_is_not_testing(self) -> None:
        for text in ("v=x;p=", f"v=x;p={self.p}", f"k=x;p={self.p}", f"k=ed25519;h=x;p={self.p}", "k=ed25519;p=!",
                     "p=AAAA"):
            self.assertFalse(self.check(BAD_RECORD, credential(), at(NAME, f"{text};t=y".encode())).testing)

    def test_the_selection_of_the_record(self) -> None:
        record = ED25519_RECORD
        for other in (b"v=spf1 -all", b"o=~", b"", b"pp=x", b"P=x", b"p", b"x;y;z", b"\xff", b" \x0bp=x", b"x=p=y"):
            self.check(PASS, credential(), at(NAME, other, record))
        for other in (record, b"p=", b"x; p =", b"\xff;p=x", b";;\r\n\tp\r\n = ", b"junk;p=;p="):
            self.check(("permerror", "several-keys"), credential(), at(NAME, record, other))
        for broken in (b"\xff;p=x", b"junk;p=x", b";p=x"):
            self.check(BAD_RECORD, credential(), at(NAME, broken))

    def test_too_much_in_the_dns(self) -> None:
        filling = b"x" * (16384 - len(ED25519_RECORD))
        self.check(PASS, credential(), at(NAME, filling, ED25519_RECORD))
        self.check(("permerror", "key-too-large"), credential(), at(NAME, filling, b"x", ED25519_RECORD))
        self.check(("permerror", "key-too-large"), credential(), at(NAME, b"x" * 16385))

    def test_the_length_of_p(self) -> None:
        for maximum, longest in ((4096, 1536), (2048, 856)):
            settings = Settings(maximum_bits=maximum)
            p = self.p[:1] + " " * (longest - len(self.p)) + self.p[1:]
            self.check(PASS, credential(), at(NAME, f"k=ed25519;p=  {p}  ".encode()), settings=settings)
            long = f"k=ed25519;p={self.p[:1]} {p[1:]}".encode()
            self.check(("permerror", "key-too-large"), credential(), at(NAME, long), settings=settings)
            not_base64 = f"k=ed25519;p={'!' * (longest + 1)}".encode()
            self.check(("permerror", "key-too-large"), credential(), at(NAME, not_base64), settings=settings)


class Names(RefusalTestCase):
    first, second = f"_domainkey.{DOMAIN}", f"_tecs.{DOMAIN}"
    plain = f"a=ed25519-sha256; d={DOMAIN}; b="

    def test_the_order_of_names(self) -> None:
        plain, key, other = self.plain + b(), ED25519_RECORD, OTHER_ED25519.record()
        for records, expected in (
            (at(self.first, key), PASS),
            (at(self.second, key), PASS),
            (at(self.first, key) | at(self.second, other), PASS),
            (at(self.first, other) | at(self.second, key), MISMATCH),
            (at(self.first, b"o=~") | at(self.second, key), PASS),
            (at(self.first, b"p=") | at(self.second, key), ("fail", "key-revoked")),
            (at(self.first, b"p=x") | at(self.second, key), BAD_RECORD),
            (at(self.first, key, key) | at(self.second, key), ("permerror", "several-keys")),
            (at(self.first, b"x" * 16385) | at(self.second, key), ("permerror", "key-too-large")),
            ({}, ("permerror", "no-key")),
            (at(NAME, key), ("permerror", "no-key")),
        ):
            self.check(expected, plain, records)

    def test_a_selector_has_one_name(self) -> None:
        others = at(self.first, ED25519_RECORD) | at(self.second, ED25519_RECORD)
        self.check(("permerror", "no-key"), credential(), others)

    def test_a_question_that_is_not_answered_ends_the_look_up(self) -> None:
        plain, key = self.plain + b(), ED25519_RECORD
        for failure in ("dns-timeout", "dns-error"):
            expected = ("temperror", failure)
            self.check(expected, plain, at(self.first, failure=failure) | at(self.second, key))
            self.check(expected, plain, at(self.second, failure=failure))
            self.check(PASS, plain, at(self.first, key) | at(self.second, failure=failure))
            self.check(expected, credential(), at(NAME, failure=failure))

    def test_names_that_are_too_long_are_left_out(self) -> None:
        for length in (242, 243, 247, 248, 253):
            domain = "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * (length - 192)
            text = f"a=ed25519-sha256; d={domain}; b={b()}"
            records = at(f"_domainkey.{domain}", ED25519_RECORD) | at(f"_tecs.{domain}", ED25519_RECORD)
            self.check(PASS if length <= 247 else ("permerror", "no-key"), text, records)
            self.check(("permerror", "no-key"), text + "; s=" + "s" * 63, records)


class Replays(RefusalTestCase):
    """libtecs leaves the memory to its caller, and gives a key for it, which has to tell apart what the draft does."""

    def test_the_key_of_the_memory_stands_for_tuple_epoch_and_domain(self) -> None:
        other_ends = replace(ENDS, source=end_point("198.51.100.7", 40214))
        signed, seen = [], {}
        for ends, time, domain, selector, key in (
            (ENDS, NOW, DOMAIN, SELECTOR, ED25519), (ENDS, NOW + 1, DOMAIN, SELECTOR, ED25519),
            (ENDS, NOW, DOMAIN, "t2", RSA), (ENDS, NOW, DOMAIN.upper(), None, RSA),
            (ENDS, NOW + 30, DOMAIN, SELECTOR, RSA), (other_ends, NOW, DOMAIN, SELECTOR, ED25519),
            (ENDS, NOW, "other.example", SELECTOR, ED25519),
        ):
            credential_ = Signer(domain, selector, key.private).sign(ends, time)
            name = f"{selector}._domainkey.{domain.lower()}" if selector else f"_tecs.{domain.lower()}"
            octets = write_credential(credential_).encode()
            theirs = tecs_library.verify(octets, (ENDS, other_ends), NOW, at(name, key.record()))
            signed.append((ends, epoch_of(time), domain.lower()))
            seen.setdefault(theirs.replay_key, set()).add(signed[-1])
        self.assertNotIn(None, seen)
        self.assertEqual(len(set(signed)), len(seen))
        self.assertTrue(all(len(triples) == 1 for triples in seen.values()))

    def test_a_second_connection_is_a_replay(self) -> None:
        memory, triple = ReplayMemory(), (ENDS, epoch_of(NOW), DOMAIN)
        memory.check(triple, "first", NOW, 1)
        memory.check(triple, "first", NOW, 1)
        with self.assertRaisesRegex(Exception, "fail: replay"):
            memory.check(triple, "second", NOW, 1)


if __name__ == "__main__":
    unittest.main()
