#!/usr/bin/env python3
"""The installed libtecs.so, driven through its C interface by a program that is neither C nor C++."""

import base64
import ctypes
import os
import random
import re
import socket
import sys
import tempfile
import threading
import unittest

import installation

if installation.PRELOAD and "LD_PRELOAD" not in os.environ:
    # Python itself frees little at its end, so leaks are looked for in the examples.
    os.execve(sys.executable, [sys.executable, "-B", *sys.argv], installation.run_environment(leaks=False))

import tecs_library as tecs  # noqa: E402
from txt_server import TxtServer  # noqa: E402

NOON = 1170806410


def endpoint(text):
    result = tecs.Endpoint()
    tecs.attempt("endpoint_parse", text.encode(), ctypes.byref(result))
    return result


def connection(destination="192.0.2.25:25", source="198.51.100.7:40213"):
    return tecs.Tuple(endpoint(destination), endpoint(source))


def text_of(what):
    room = ctypes.create_string_buffer(64)
    tecs.attempt("endpoint_format", ctypes.byref(what), room)
    return room.value.decode()


class CApiTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.keys = {}
        for name in ("rsa-2048", "ed25519"):
            path = str(installation.key_file(folder.name, name)).encode()
            self.keys[name] = self.kept("signing_key", tecs.attempt("signing_key_new_from_file", path))

    def kept(self, kind, thing):
        """Freed after the test."""
        self.addCleanup(getattr(tecs, kind + "_free"), thing)
        return thing

    def record(self, key="ed25519"):
        return tecs.signing_key_record(self.keys[key])

    def response(self, key="ed25519", selector=None, time=NOON, signed=None, encoding=tecs.BASE64):
        signer = self.kept("signer", tecs.attempt("signer_new", b"example.org", selector, self.keys[key]))
        credential = tecs.attempt("signer_sign", signer, signed or connection(), time)
        try:
            return tecs.credential_response(credential, encoding)
        finally:
            tecs.credential_free(credential)

    def source(self, lookup, options=None):
        call = tecs.Lookup(lookup)
        self.addCleanup(lambda: call)  # outlives the source, which is freed first
        return self.kept("key_source", tecs.attempt("key_source_new_lookup", call, None, options))

    def source_of(self, *texts):
        def lookup(_, name, answer):
            for text in texts if name == b"_domainkey.example.org" else ():
                tecs.txt_answer_add(answer, text, len(text))
            return tecs.DONE
        return self.source(lookup)

    def verify(self, response, source, candidates=None, time=NOON, options=None, encoding=tecs.BASE64):
        candidates = candidates or [connection()]
        verifier = self.kept("verifier", tecs.attempt("verifier_new", options))
        return self.kept("verification", tecs.attempt(
            "verifier_verify", verifier, response, len(response), encoding, (tecs.Tuple * len(candidates))(*candidates),
            len(candidates), time, source))

    def options(self, **values):
        options = self.kept("options", tecs.attempt("options_new"))
        for name, value in values.items():
            tecs.attempt("options_set", options, name.replace("_", "-").encode(), value.encode())
        return options

    def assert_fails(self, reason, name, *arguments):
        with self.assertRaises(tecs.TecsError) as caught:
            tecs.attempt(name, *arguments)
        self.assertEqual(caught.exception.reason, reason)
        self.assertTrue(caught.exception.sentence)


class Passes(CApiTest):
    def test_version_is_that_of_the_header(self):
        header = (installation.PREFIX / "include/tecs.h").read_text(encoding="ascii")
        self.assertEqual(tecs.version().decode(), re.search(r'define TECS_VERSION "(.*)"', header)[1])

    def test_all_is_told_of_a_pass(self):
        def lookup(_, name, answer):
            if name == b"mail._domainkey.example.org":
                tecs.txt_answer_add(answer, self.record("rsa-2048"), 100)
                tecs.txt_answer_append(answer, self.record("rsa-2048")[100:], len(self.record("rsa-2048")) - 100)
                tecs.txt_answer_append(answer, b"; t=y", 5)
                tecs.txt_answer_set_ttl(answer, 300)
                tecs.txt_answer_set_dnssec(answer, 1)
            return tecs.DONE
        response = self.response("rsa-2048", selector=b"mail", time=NOON + 30)
        verification = self.verify(response, self.source(lookup), [connection("192.0.2.26:25"), connection()])
        self.assertEqual(tecs.verification_result(verification), tecs.PASS)
        self.assertEqual(tecs.verification_result_word(verification), b"pass")
        self.assertIsNone(tecs.verification_reason(verification))
        self.assertEqual(tecs.verification_sentence(verification), b"pass")
        self.assertEqual(tecs.verification_domain(verification), b"example.org")
        self.assertEqual(tecs.verification_passed_domain(verification), b"example.org")
        self.assertEqual(tecs.verification_selector(verification), b"mail")
        self.assertEqual(tecs.verification_algorithm(verification), b"rsa-sha256")
        self.assertEqual(tecs.verification_key_bits(verification), 2048)
        self.assertEqual(tecs.verification_dnssec(verification), 1)
        self.assertEqual(tecs.verification_testing(verification), 1)
        self.assertEqual(tecs.verification_candidate(verification), 1)
        self.assertEqual(tecs.verification_epoch_offset(verification), 30)
        self.assertRegex(tecs.verification_replay_key(verification), rb"^[0-9a-f]{64}$")
        self.assertEqual(tecs.verification_replay_expiry(verification), 1170806430 + 30 + 15)

    def test_forms_of_a_credential(self):
        pem = (installation.SOURCE / "tests/cases/verify/keys/rsa-2048.pem").read_bytes()
        key = self.kept("signing_key", tecs.attempt("signing_key_new", pem, len(pem)))
        signer = self.kept("signer", tecs.attempt("signer_new", b"example.org", None, key))
        credential = self.kept("credential", tecs.attempt("signer_sign", signer, connection(), NOON))
        for form in (tecs.credential_response, tecs.credential_short):
            self.assertEqual(base64.b64decode(form(credential, tecs.BASE64)), form(credential, tecs.DECODED))
            decoded = form(credential, tecs.DECODED)
            verification = self.verify(decoded, self.source_of(self.record("rsa-2048")), encoding=tecs.DECODED)
            self.assertEqual(tecs.verification_result(verification), tecs.PASS)
        self.assertEqual(tecs.credential_initial_response(credential), tecs.credential_short(credential, tecs.BASE64))

    def test_key_record(self):
        record = self.kept("key_record", tecs.attempt("key_record_new", self.record(), len(self.record()), None))
        self.assertEqual(tecs.key_record_type(record), b"ed25519")
        self.assertEqual(tecs.key_record_bits(record), 256)
        self.assertEqual(tecs.key_record_revoked(record), 0)
        self.assertEqual(tecs.key_record_testing(record), 0)

    def test_challenge_from_server_to_client(self):
        room = ctypes.create_string_buffer(128)
        tecs.attempt("challenge_format", endpoint("198.51.100.7:40213"), NOON + 60, tecs.BASE64, room)
        mine, time = connection(source="10.0.0.7:1025"), ctypes.c_int64(NOON)
        tecs.attempt("challenge_use", room.value, len(room.value), tecs.BASE64, 60, mine, time)
        self.assertEqual((text_of(mine.destination), text_of(mine.source)), ("192.0.2.25:25", "198.51.100.7:40213"))
        self.assertEqual(time.value, NOON + 60)

    def test_end_point_of_a_socket(self):
        address = socket.AF_INET.to_bytes(2, sys.byteorder) + (25).to_bytes(2, "big") + bytes([192, 0, 2, 25]) + bytes(8)
        result = tecs.Endpoint()
        tecs.attempt("endpoint_from_sockaddr", address, len(address), ctypes.byref(result))
        self.assertEqual(text_of(result), "192.0.2.25:25")

    def test_keys_from_dns_are_remembered(self):
        with TxtServer({"_domainkey.example.org": [self.record("rsa-2048").decode()]}) as server:
            options = self.options(resolver=server.address, require_dnssec="yes")
            source = self.kept("key_source", tecs.attempt("key_source_new_dns", options))
            for _ in range(3):
                verification = self.verify(self.response("rsa-2048"), source, options=options)
                self.assertEqual(tecs.verification_result(verification), tecs.PASS, tecs.verification_sentence(verification))
                self.assertEqual(tecs.verification_dnssec(verification), 1)
            self.assertEqual(server.asked, ["_domainkey.example.org"])


class Refusals(CApiTest):
    def assert_result(self, verification, result, reason):
        self.assertEqual((tecs.verification_result(verification), tecs.verification_reason(verification).decode()),
                         (result, reason))

    def test_temporary_failures_of_a_lookup(self):
        for outcome, reason in ((tecs.TIMEOUT, "dns-timeout"), (tecs.ERROR, "dns-error"), (-1, "dns-error")):
            source = self.source(lambda *_, outcome=outcome: outcome)
            self.assert_result(self.verify(self.response(), source), tecs.TEMPERROR, reason)

    def test_failure_of_dns(self):
        with TxtServer({"_domainkey.example.org": None}) as server:
            source = self.kept("key_source", tecs.attempt("key_source_new_dns", self.options(resolver=server.address)))
            self.assert_result(self.verify(self.response(), source), tecs.TEMPERROR, "dns-error")

    def test_name_without_records_in_dns(self):
        with TxtServer({}) as server:
            source = self.kept("key_source", tecs.attempt("key_source_new_dns", self.options(resolver=server.address)))
            self.assert_result(self.verify(self.response(), source), tecs.PERMERROR, "no-key")

    def test_another_connection_and_another_time(self):
        source = self.source_of(self.record())
        other = [connection(source="198.51.100.8:40213")]
        self.assert_result(self.verify(self.response(), source, other), tecs.FAIL, "signature-mismatch")
        self.assert_result(self.verify(self.response(), source, time=NOON + 3600), tecs.FAIL, "signature-mismatch")
        self.assert_result(self.verify(self.response(), source, options=self.options(require_dnssec="yes")), tecs.POLICY,
                           "no-dnssec")

    def test_revoked_and_garbage_records(self):
        self.assert_result(self.verify(self.response(), self.source_of(b"p=")), tecs.FAIL, "key-revoked")
        for texts in ((b"\xff\0;p=",), (b"p=" * 20000,), (self.record(), self.record()), (b"p=AAAA",)):
            verification = self.verify(self.response(), self.source_of(*texts))
            self.assertEqual(tecs.verification_result(verification), tecs.PERMERROR)

    def test_garbage_credentials(self):
        dice = random.Random(6)
        source = self.source_of(self.record())
        genuine = self.response()
        for encoding in (tecs.BASE64, tecs.DECODED):
            for _ in range(300):
                sent = bytearray(genuine if dice.random() < 0.5 else base64.b64decode(genuine))
                for _ in range(dice.randrange(1, 4)):
                    sent[dice.randrange(len(sent))] = dice.randrange(256)
                verification = self.verify(bytes(sent[:dice.randrange(len(sent))]), source, encoding=encoding)
                self.assertNotIn(tecs.verification_result(verification), (0, tecs.PASS))
                self.assertTrue(tecs.verification_sentence(verification).decode("ascii").isprintable())

    def test_errors(self):
        verifier = self.kept("verifier", tecs.attempt("verifier_new", None))
        source = self.source_of()
        result = tecs.Endpoint()
        self.assert_fails("bad-endpoint", "endpoint_parse", b"example.org:25", result)
        self.assert_fails("bad-endpoint", "endpoint_from_sockaddr", b"\x01", 1, result)
        self.assert_fails("bad-endpoint", "endpoint_format", result, ctypes.create_string_buffer(64))
        self.assert_fails("bad-key-file", "signing_key_new", b"no key", 6)
        self.assert_fails("io-error", "signing_key_new_from_file", b"/nonexistent")
        self.assert_fails("bad-key-file", "signing_key_new_from_file", b"/")
        self.assert_fails("bad-domain", "signer_new", b"org", None, self.keys["ed25519"])
        self.assert_fails("bad-option", "challenge_format", endpoint("192.0.2.1:1"), -1, 0, ctypes.create_string_buffer(128))
        self.assert_fails("bad-challenge", "challenge_use", b"?", 1, tecs.BASE64, 0, connection(), ctypes.c_int64(NOON))
        self.assert_fails("bad-option", "options_set", self.options(), b"dns-timeout", b"1h")
        self.assert_fails("bad-option", "key_source_new_lookup", tecs.Lookup(), None, None)
        self.assert_fails("bad-key-record", "key_record_new", b"v=DKIM1", 7, None)
        self.assert_fails("bad-option", "verifier_verify", verifier, b"", 0, 9, connection(), 1, NOON, source)
        self.assert_fails("bad-endpoint", "verifier_verify", verifier, b"", 0, 0, tecs.Tuple(), 1, NOON, source)

    def test_null_for_everything(self):
        for name, (returned, taken) in tecs.PROTOTYPES.items():
            nothing = [tecs.Lookup() if kind is tecs.Lookup else 0 if kind in tecs.NUMBERS else None for kind in taken]
            with self.subTest(function=name, returned=returned):
                result = tecs.uncounted(name)(*nothing)
                if name in ("tecs_options_new", "tecs_verifier_new", "tecs_key_source_new_dns"):  # the defaults need nothing
                    tecs.uncounted(re.sub("_new.*", "_free", name))(result)
                elif name != "tecs_version":
                    self.assertIn(result, (None, 0, -1))


class Threads(CApiTest):
    def test_several_threads_share_all_objects(self):
        asked_by, record = [], self.record("rsa-2048")

        def lookup(_, name, answer):
            asked_by.append(threading.get_ident())
            if name == b"_domainkey.example.org":
                tecs.txt_answer_add(answer, record, len(record))
            return tecs.DONE
        source = self.source(lookup)
        signer = self.kept("signer", tecs.attempt("signer_new", b"example.org", None, self.keys["rsa-2048"]))
        verifier = self.kept("verifier", tecs.attempt("verifier_new", None))
        results, verified_by = [], []

        def work(number):
            for port in range(1, 21):
                tuple_ = connection(source=f"198.51.100.{number}:{port}")
                credential = tecs.attempt("signer_sign", signer, tuple_, NOON)
                sent = tecs.credential_initial_response(credential)
                verified_by.append(threading.get_ident())
                verification = tecs.attempt("verifier_verify", verifier, sent, len(sent), tecs.BASE64, tuple_, 1, NOON, source)
                results.append(tecs.verification_result(verification))
                tecs.verification_free(verification)
                tecs.credential_free(credential)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [tecs.PASS] * 160)
        self.assertLessEqual(set(asked_by), set(verified_by))


def tearDownModule():  # the name is unittest's
    if len(sys.argv) > 1:
        return  # these were not all tests
    header = re.sub(r"/\*.*?\*/", "", (installation.PREFIX / "include/tecs.h").read_text(encoding="ascii"), flags=re.DOTALL)
    assert set(re.findall(r"\b(tecs_\w+)\(", header)) == set(tecs.PROTOTYPES), "tecs_library.py does not know all of tecs.h"
    assert tecs.called == set(tecs.PROTOTYPES), f"never called: {set(tecs.PROTOTYPES) - tecs.called}"


if __name__ == "__main__":
    unittest.main()
