"""TLS as a server's TLSA records want it (RFC 7672), on real DNS: an NSD with signed zones, an Unbound that validates, and a
Postfix that receives with STARTTLS."""

import re
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import Authority
from tecs_testing.commands import make_domain, program_path
from tecs_testing.daemons import TecsSigner, signer_user
from tecs_testing.dnssec import SignedZone, ValidatingResolver
from tecs_testing.mailbox import Mailbox
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until

OTHER_KEY = "3 1 1 " + 64 * "a"


@dataclass(frozen=True)
class Case:
    """A host, its records in DNS, and what becomes of mail to it."""

    name: str
    tlsa: str = ""  # of the port; {leaf} and {authority} are right
    zone: str = "signed.example"
    result: str = ""  # tls-result in the log; empty: no mail gets there
    words: str = ""  # of the reason, where it does not
    alias_of: str = ""  # a host with its zone
    port: int = 25
    status: str = "4.7.5"  # with the words

    @property
    def label(self) -> str:
        return self.name.replace("_", "-")

    @property
    def host(self) -> str:
        return f"{self.label}.{self.zone}"

    def records(self, **fields: str) -> str:
        if self.alias_of:
            return f"{self.label} CNAME {self.alias_of}.\n"
        tlsa = f"_{self.port}._tcp.{self.label} TLSA {self.tlsa.format(**fields)}\n" if self.tlsa else ""
        return f"{self.label} A {RECEIVER.ipv4}\n{tlsa}"


NOT_IN_CERTIFICATE = "stranger"
PORT_WITHOUT_TLS = 26
CASES = [
    Case("end_entity", "{leaf}", result="dane"),
    Case("trust_anchor", "{authority}", result="dane"),
    Case("other_key", OTHER_KEY, words="no matching DANE TLSA records"),
    Case(NOT_IN_CERTIFICATE, "{authority}", words="hostname mismatch"),
    Case("without_starttls", "{leaf}", words="STARTTLS", port=PORT_WITHOUT_TLS, status="4.7.4"),
    Case("not_usable", "1" + OTHER_KEY[1:], result="encrypted"),
    Case("no_records", result="encrypted"),
    Case("not_signed", OTHER_KEY, zone="unsigned.example", result="encrypted"),
    Case("forged", "{leaf}", zone="altered.example", words="TLSA records of forged.altered.example"),
    Case("alias", alias_of="end-entity.signed.example", result="dane"),
    Case("alias_in_certificate", alias_of=f"{NOT_IN_CERTIFICATE}.signed.example", result="dane"),
    Case("alias_to_wrong_key", alias_of="other-key.signed.example", words="no matching DANE TLSA records"),
    Case("alias_to_not_signed", alias_of="not-signed.unsigned.example", result="encrypted"),
]


@one_test_each(CASES, lambda case: case.name)
class Dane(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        authority = Authority(cls.workspace, "authority")
        certificate = authority.issue([case.host for case in CASES if case.name != NOT_IN_CERTIFICATE])
        cls.publish(leaf=certificate.tlsa(3), authority=authority.certificate.tlsa(2))
        cls.mailbox = Mailbox(cls.workspace, "mailbox", "receiver.example")
        cls.receiver = Postfix(
            cls.workspace, "receiver",
            {"myhostname": "mx.receiver.example", **cls.mailbox.settings(), **certificate.settings(),
             "smtpd_tls_loglevel": "2"},
            [SmtpService(RECEIVER.ipv4, 25),
             SmtpService(RECEIVER.ipv4, PORT_WITHOUT_TLS, {"smtpd_tls_security_level": "none"})]).start()
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        cls.start_signers()

    @classmethod
    def start_signers(cls) -> None:
        cls.signers = {case.name: cls.signer(case.label, f"{case.host}:{case.port}") for case in CASES}
        named = cls.workspace.file("destinations", f"{RECEIVER.ipv4} dane name=end-entity.signed.example\n")
        verified = cls.workspace.file("verified", f"{RECEIVER.ipv4} verify name=end-entity.signed.example\n")
        stranger = cls.workspace.file("stranger", f"{RECEIVER.ipv4} verify name=mx.elsewhere.example\n")
        authorities = ["--tls-ca-file", cls.workspace.path / "authority.pem"]
        address = f"{RECEIVER.ipv4}:25"
        cls.signers |= {
            "again": cls.signer("again", "end-entity.signed.example:25"),
            "named": cls.signer("named", address, "--destinations", named, tls="may"),
            "verified": cls.signer("verified", address, "--destinations", verified, *authorities, tls="may"),
            "stranger": cls.signer("stranger", address, "--destinations", stranger, *authorities, tls="may"),
            "untrusted": cls.signer("untrusted", "end-entity.signed.example:25", tls="verify"),
        }
        away = cls.workspace.file("away", f"{RECEIVER.ipv4} dane name=end-entity.signed.example\n")
        cls.signers["nobody_asked"] = cls.signer(
            "nobody-asked", f"{RECEIVER.ipv4}:25", "--destinations", away,
            tls="may", resolver=f"127.0.0.1:{free_port()}")
        cls.sender = Sender(cls.workspace, [Route(f"{name}@sender.example", f"[127.0.0.1]:{signer.port}")
                                            for name, signer in cls.signers.items()]).start()

    @classmethod
    def publish(cls, **fields: str) -> None:
        zones: dict[str, str] = {}
        for case in CASES:
            zones[case.zone] = zones.get(case.zone, "") + case.records(**fields)
        signed = {name: SignedZone(cls.workspace, name, zones[name]) for name in ("signed.example", "altered.example")}
        zones["signed.example"] = signed["signed.example"].records
        # The key is right, the signature no longer is.
        records = signed["altered.example"].records
        zones["altered.example"] = re.sub(r"(\sTLSA\s+)3 1 1", r"\g<1>2 1 1", records)
        assert zones["altered.example"] != records
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish_all(zones)
        cls.resolver = ValidatingResolver(cls.workspace, cls.name_server, list(zones),
                                          [zone.trust_anchor for zone in signed.values()])

    @classmethod
    def signer(cls, name: str, upstream: str, *options: object, tls: str = "dane", resolver: str = "") -> TecsSigner:
        return TecsSigner(cls.workspace, f"signer-{name}", cls.domain, upstream,
                          "--resolver", resolver or cls.resolver.endpoint,
                          "--dnssec-probe", "signed.example", *map(str, options), tls=tls)

    def explain(self, signer: TecsSigner) -> str:
        return f"{self.receiver.log_tail()}\n{self.sender.postfix.log_tail()}\n{signer.log_tail()}"

    def assert_result(self, signer: TecsSigner, level: str, result: str) -> None:
        lines = wait_until("line of the session", lambda: [
            line for line in signer.log.read_text().splitlines() if " tls-result=" in line])
        self.assertIn(f" tls-level={level} ", lines[0])
        self.assertRegex(lines[0], rf" tls-result={result}\b")

    def assert_deferred(self, recipient: str, signer: TecsSigner, words: str, status: str = "4.7.5") -> None:
        deferred = rf"to=<{re.escape(recipient)}>.* status=deferred"
        try:
            line = wait_until("deferred mail", lambda: self.sender.postfix.log_lines(deferred))[0]
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.explain(signer)}") from None
        self.assertIn(words, line)
        self.assertIn(f" 421 {status} ", line)
        self.assertIsNone(self.mailbox.find(recipient))

    def check(self, case: Case) -> None:
        recipient = self.send(case.name)
        signer = self.signers[case.name]
        if case.result:
            self.mailbox.wait_for(recipient, lambda: self.explain(signer))
            self.assert_result(signer, "dane", case.result)
        else:
            self.assert_deferred(recipient, signer, case.words, case.status)

    def send(self, name: str, subject: str | None = None) -> str:
        recipient = f"{name}@receiver.example"
        self.sender.send(f"{name}@sender.example", recipient, subject=subject or recipient)
        return recipient

    def test_session_is_resumed(self) -> None:
        for number in ("first", "second"):
            self.send("again", number)
            self.mailbox.wait_for(number, lambda: self.explain(self.signers["again"]))
        resumed = r"Reusing old session"
        self.assertTrue(self.receiver.log_lines(resumed), self.receiver.log_tail())

    def test_name_of_an_address_comes_from_the_file(self) -> None:
        for name, level, result in (("named", "dane", "dane"), ("verified", "verify", "verified")):
            with self.subTest(name):
                self.mailbox.wait_for(self.send(name), lambda: self.explain(self.signers[name]))
                self.assert_result(self.signers[name], level, result)

    def test_server_that_is_not_who_it_must_be_gets_no_mail(self) -> None:
        for name, words in (("stranger", "hostname mismatch"), ("untrusted", "self-signed certificate in certificate chain")):
            with self.subTest(name):
                self.assert_deferred(self.send(name), self.signers[name], words)

    def test_resolver_that_is_away_stops_only_mail_that_depends_on_it(self) -> None:
        signer = self.signers["nobody_asked"]
        self.assertIn("the DNS resolver cannot be asked now whether it validates DNSSEC", signer.log.read_text())
        self.assert_deferred(self.send("nobody_asked"), signer,
                             "it is not known whether the DNS resolver validates")

    def test_resolver_that_does_not_validate_is_refused(self) -> None:
        done = subprocess.run(
            [program_path("tecs-signer"), "--listen", "127.0.0.1:1025", "--upstream", "end-entity.signed.example:25",
             "--domain", self.domain.name, "--key", self.domain.key, "--tls", "dane",
             "--resolver", self.name_server.endpoint, "--dnssec-probe", "signed.example"],
            capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 78)
        self.assertIn(f"{self.name_server.endpoint} does not validate DNSSEC", done.stdout + done.stderr)
