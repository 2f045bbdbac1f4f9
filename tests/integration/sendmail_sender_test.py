"""Mail from a real Sendmail, which signs through the Cyrus SASL plugin, to a real Postfix with tecs-milter."""

import smtplib
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.cyrus import install_plugin
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, SENDER, Host, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sendmail_sender import DOCUMENTED_DOMAIN, KEY, SendmailSender, commands
from tecs_testing.told import ToldTestCase
from tecs_testing.waiting import wait_until

# Servers of the receiver that do not offer TECS-1: no AUTH at all, and AUTH for people.
WITHOUT_AUTH = Host("198.51.100.27", "2001:db8:51::27")
WITH_PASSWORDS = Host("198.51.100.28", "2001:db8:51::28")
NAT = Host("203.0.113.7", "2001:db8:113::7")  # as the world sees the sender

# By recipient's domain, the server that its mail goes to.
SERVERS = {"receiver.example": RECEIVER.ipv4, "v6.receiver.example": RECEIVER.ipv6,
           "tls.receiver.example": RECEIVER_WITH_TLS.ipv4, "without.receiver.example": WITHOUT_AUTH.ipv4,
           "passwords.receiver.example": WITH_PASSWORDS.ipv4}

SIGNED = ["AUTH TECS-1 CREDENTIAL"]
SIGNED_AFTER_334 = ["AUTH TECS-1", "CREDENTIAL"]
GIVEN_UP = ["AUTH TECS-1", "*"]
DELIVERY = ["MAIL", "RCPT", "DATA", ".", "QUIT"]


def nft(rules: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


class SendmailSenderTestCase(WorkspaceTestCase, ToldTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, RECEIVER_WITH_TLS, WITHOUT_AUTH, WITH_PASSWORDS, SENDER)
        install_plugin(cls.workspace)
        cls.name_server = NameServer(cls.workspace)
        cls.domain = cls.make_domain(DOCUMENTED_DOMAIN)
        tls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        people = {"smtpd_sasl_type": "cyrus", "smtpd_sasl_path": "people"}
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv6, 25),
             SmtpService(RECEIVER_WITH_TLS.ipv4, 25, {**tls, "smtpd_tls_auth_only": "yes"}),
             SmtpService(WITHOUT_AUTH.ipv4, 25, {"smtpd_sasl_auth_enable": "no"}),
             SmtpService(WITH_PASSWORDS.ipv4, 25, people)],
            {"virtual_mailbox_domains": " ".join(SERVERS)})
        cls.workspace.file("receiver/etc/sasl/people.conf", "pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN\n")
        cls.receiver.start()

    @classmethod
    def make_domain(cls, name: str, record: str = "{own}", **options) -> SigningDomain:
        """record: what stands in DNS, with the record of the domain's own key and of another one."""
        domain = make_domain(cls.workspace, name, **options)
        other = make_domain(cls.workspace, name, file_name=f"{name}-other", algorithm="ed25519-sha256")
        cls.name_server.publish(name, record.format(own=domain.record, other=other.record))
        return domain

    def send(self, subject: str, domain: str = "receiver.example") -> list[str]:
        """Answers what Sendmail said to the server."""
        dialogue = self.sender.send(f"somebody@{domain}", subject)
        self.assertEqual(self.sender.queued(), 0, f"{dialogue}\n{self.sender.sendmail.explain()}")
        return commands(dialogue)

    def assert_waits(self, domain: str) -> None:
        """So the document warns of it."""
        self.addCleanup(self.sender.forget)
        self.assertIn("Deferred: Temporary AUTH failure", self.sender.send(f"somebody@{domain}", "waits"))
        self.assertEqual(self.sender.queued(), 1)

    def assert_logged(self, text: str) -> None:
        wait_until(f"{text!r} in Sendmail's log", lambda: text in self.sender.sendmail.log.text())


@dataclass(frozen=True)
class Case:
    name: str
    to: str = "receiver.example"
    algorithm: str = "rsa-sha256"
    bits: int = 2048
    result: str = "pass"
    reason: str = ""
    record: str = "{own}"

    @property
    def domain(self) -> str:
        return f"{self.name.replace('_', '-')}.example".lower()


CASES = [
    Case("rsa_over_IPv4"),
    Case("rsa_over_IPv6", to="v6.receiver.example"),
    Case("ed25519_over_IPv4", algorithm="ed25519-sha256", bits=256),
    Case("ed25519_over_IPv6", to="v6.receiver.example", algorithm="ed25519-sha256", bits=256),
    Case("rsa_4096_after_the_334", bits=4096),
    Case("wrong_key", record="{other}", algorithm="ed25519-sha256", bits=256, result="fail", reason="signature-mismatch"),
    Case("no_key", record="", result="permerror", reason="no-key"),
]


@one_test_each(CASES, lambda case: case.name)
class Everywhere(SendmailSenderTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.sender = SendmailSender(cls.workspace, SERVERS)

    def setUp(self) -> None:
        self.sender.sign_as(self.domain)

    def check(self, case: Case) -> None:
        domain = self.make_domain(case.domain, case.record, algorithm=case.algorithm, bits=case.bits)
        self.sender.sign_as(domain)
        signed = SIGNED_AFTER_334 if case.bits == 4096 else SIGNED
        self.assertEqual(self.send(case.name, case.to), ["EHLO", *signed, *DELIVERY])
        verdict = self.assert_told(case.name, case.result, case.reason, case.domain)
        self.assertEqual(verdict["server"], written(SERVERS[case.to], 25))
        if case.result == "pass":
            self.assertEqual((verdict["algorithm"], verdict["key_bits"]), (case.algorithm, case.bits))

    def test_the_documented_domain(self) -> None:
        self.send("documented")
        verdict = self.assert_told("documented", "pass", "", DOCUMENTED_DOMAIN)
        self.assertRegex(verdict["client"], rf"^{SENDER.ipv4}:")

    def test_after_starttls(self) -> None:
        self.assertEqual(self.send("TLS", "tls.receiver.example"), ["EHLO", "STARTTLS", "EHLO", *SIGNED, *DELIVERY])
        self.assert_told("TLS", "pass", "", DOCUMENTED_DOMAIN)

    def test_server_without_auth(self) -> None:
        self.assertEqual(self.send("without", "without.receiver.example"), ["EHLO", *DELIVERY])
        self.assert_told("without", "none", "", "")

    def test_server_where_people_log_in(self) -> None:
        self.assertEqual(self.send("people", "passwords.receiver.example"), ["EHLO", *DELIVERY])
        self.assert_told("people", "none", "", "")

    def test_server_that_cannot_say_now(self) -> None:
        self.sender.sign_as(make_domain(self.workspace, "dns-down.example", algorithm="ed25519-sha256"))
        self.name_server.down()
        try:
            self.send("454")
        finally:
            self.name_server.up()
        self.assert_told("454", "temperror", "dns-error", "dns-down.example")

    def test_key_that_everybody_may_read(self) -> None:
        self.sender.sign_as(self.domain, key_mode=0o644)
        self.assertEqual(self.send("0644"), ["EHLO", *GIVEN_UP, *DELIVERY])
        self.assert_told("0644", "none", "", "")
        self.assert_logged(f"TECS-1: not signed: {KEY} belongs to root and has mode 0644: everybody may read it")

    def test_domain_that_is_no_identity(self) -> None:
        self.sender.sendmail.write("/etc/tecs/sasl-client.conf", f"identity = other.example - {KEY}\n", 0o600)
        self.send("no identity")
        self.assert_told("no identity", "none", "", "")
        self.assert_logged(f"TECS-1: not signed: /etc/tecs/sasl-client.conf has no identity {DOCUMENTED_DOMAIN}")

    def test_without_the_file_of_identities(self) -> None:
        (self.sender.sendmail.root / "etc/tecs/sasl-client.conf").unlink()
        self.assertEqual(self.send("no file"), ["EHLO", *DELIVERY])
        self.assert_told("no file", "none", "", "")

    def test_mail_waits_when_sendmail_does_not_take_the_file_of_the_user(self) -> None:
        (self.sender.sendmail.root / "etc/mail/default-auth-info").chmod(0o644)
        self.assert_waits("receiver.example")
        self.assert_logged("AUTH=client, error: can't open /etc/mail/default-auth-info")

    def test_with_the_challenge(self) -> None:
        self.sender.sign_as(self.domain, "nat = always\n")
        self.assertEqual(self.send("challenge"), ["EHLO", *SIGNED_AFTER_334, *DELIVERY])
        self.assert_told("challenge", "pass", "", DOCUMENTED_DOMAIN)


class BehindNat(SendmailSenderTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        add_addresses(NAT)
        nft("table ip tecs_nat {\n  chain postrouting {\n    type nat hook postrouting priority 100; policy accept;\n"
            f"    ip saddr {SENDER.ipv4} tcp dport 25 snat to {NAT.ipv4}:61000-61999\n  }}\n}}\n")
        cls.addClassCleanup(nft, "delete table ip tecs_nat\n")
        cls.sender = SendmailSender(cls.workspace, SERVERS)

    def test_our_own_view_is_refused(self) -> None:
        self.sender.sign_as(self.domain)
        self.send("own view")
        verdict = self.assert_told("own view", "fail", "signature-mismatch", DOCUMENTED_DOMAIN)
        self.assertRegex(verdict["client"], rf"^{NAT.ipv4}:61")

    def test_for_the_networks_that_are_translated(self) -> None:
        self.sender.sign_as(self.domain, "nat = 192.0.2.0/24\n")
        self.send("as seen")
        verdict = self.assert_told("as seen", "pass", "", DOCUMENTED_DOMAIN)
        self.assertRegex(verdict["client"], rf"^{NAT.ipv4}:61")


class NamedServers(SendmailSenderTestCase):
    """The other way of the document, for hosts that log in somewhere by the access map."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.sender = SendmailSender(cls.workspace, SERVERS, everywhere=False)
        cls.sender.sign_as(cls.domain)

    def test_signed_where_it_is_named_and_nowhere_else(self) -> None:
        self.sender.name_servers(RECEIVER.ipv4)
        self.assertEqual(self.send("named"), ["EHLO", *SIGNED, *DELIVERY])
        self.assert_told("named", "pass", "", DOCUMENTED_DOMAIN)
        for subject, to in (("people", "passwords.receiver.example"), ("not named", "v6.receiver.example")):
            self.assertEqual(self.send(subject, to), ["EHLO", *DELIVERY])
            self.assert_told(subject, "none", "", "")

    def test_mail_flows_when_it_cannot_be_signed(self) -> None:
        self.sender.name_servers(RECEIVER.ipv4)
        self.sender.sign_as(self.domain, key_mode=0o666)
        self.addCleanup(self.sender.sign_as, self.domain)
        self.assertEqual(self.send("0666"), ["EHLO", *GIVEN_UP, *DELIVERY])
        self.assert_told("0666", "none", "", "")

    def test_mail_waits_where_a_named_server_does_not_offer_it(self) -> None:
        self.sender.name_servers(WITH_PASSWORDS.ipv4)
        self.assert_waits("passwords.receiver.example")

    def test_mail_waits_where_a_named_server_cannot_say_now(self) -> None:
        domain = make_domain(self.workspace, "dns-down.example", algorithm="ed25519-sha256")
        self.sender.sign_as(domain)
        self.addCleanup(self.sender.sign_as, self.domain)
        self.sender.name_servers(RECEIVER.ipv4, domain=domain.name)
        self.name_server.down()
        self.addCleanup(self.name_server.up)
        self.assert_waits("receiver.example")


class ThroughTheDaemon(SendmailSenderTestCase):
    """A host that receives with TECS as well: both sides of the plugin are in one process."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.sender = SendmailSender(
            cls.workspace, SERVERS, settings="define(`confAUTH_MECHANISMS', `TECS-1')dnl\n",
            files={"/etc/sasl2/Sendmail.conf": "mech_list: TECS-1\ntecs_socket: unix:/run/tecs/sasl\n"})
        cls.sender.sign_as(cls.domain)
        cls.sender.sendmail.start(25)

    def test_signed(self) -> None:
        for subject in ("first", "second"):
            with smtplib.SMTP("127.0.0.1", 25, "client.example", timeout=60) as smtp:
                smtp.ehlo()
                self.assertEqual(smtp.esmtp_features["auth"].split(), ["TECS-1"])
                smtp.sendmail("somebody@sender.example", ["somebody@receiver.example"], f"Subject: {subject}\r\n\r\nHello.\r\n")
            self.assert_told(subject, "pass", "", DOCUMENTED_DOMAIN)
