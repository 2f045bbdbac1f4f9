"""The milter's own guard against relaying, for those whose Postfix takes a signature for a login."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import DOMAIN, Receiver
from tecs_testing.smtp_client import SmtpClient

# What Debian's Postfix has by default: here a login may relay.
DEBIAN_DEFAULT = {"smtpd_relay_restrictions": "permit_mynetworks,permit_sasl_authenticated,reject_unauth_destination"}
# What the documentation tells those who have more milters. Ours asks for the macros by itself.
NO_LOGIN_FOR_OTHERS = {"milter_mail_macros": "i {mail_addr}", "milter_rcpt_macros": "i"}


class RelayGuardTestCase(WorkspaceTestCase):
    OPTIONS: list[str] = []

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.domain = make_domain(cls.workspace, "stranger.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, *cls.OPTIONS)
        cls.receiver = Receiver(
            cls.workspace, cls.milter,
            [SmtpService(RECEIVER.ipv4, 25, DEBIAN_DEFAULT),
             SmtpService(RECEIVER.ipv4, 26, DEBIAN_DEFAULT | NO_LOGIN_FOR_OTHERS)],
            {"relay_domains": "backup.example", "transport_maps": "inline:{mapped.example=smtp:[192.0.2.99]}"}).start()

    def replies_to(self, port: int, *recipients: str, source: str | None = None) -> list[int]:
        """To RCPT, each recipient in turn, from somebody who has signed."""
        with SmtpClient(RECEIVER.ipv4, port, source) as stranger:
            self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235)
            self.assertEqual(stranger.mail("somebody@stranger.example")[0], 250)
            return [stranger.rcpt(each)[0] for each in recipients]


class On(RelayGuardTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.OPTIONS = ["--relay-domains", str(cls.workspace.file("relay-domains", "mapped.example\n")),
                       "--exempt-networks", str(cls.workspace.file("networks", f"{SENDER.ipv4}\n"))]
        super().set_up()

    def test_a_login_by_signature_may_not_relay(self) -> None:
        for port in (25, 26):
            self.assertEqual(self.replies_to(port, "victim@elsewhere.example", f"somebody@{DOMAIN}"), [554, 250])

    def test_nor_by_another_spelling(self) -> None:
        for path in ("@receiver.example:victim@elsewhere.example", "victim@elsewhere.example.", "VICTIM@ELSEWHERE.example"):
            with SmtpClient(RECEIVER.ipv4, 25) as stranger:
                self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235)
                stranger.mail("somebody@stranger.example")
                self.assertEqual(stranger.docmd(f"RCPT TO:<{path}>")[0], 554, path)

    def test_what_postfix_relays_for_passes(self) -> None:
        self.assertEqual(self.replies_to(25, "somebody@backup.example"), [250])

    def test_relay_domains_pass(self) -> None:
        self.assertEqual(self.replies_to(25, "somebody@mapped.example"), [250])

    def test_exempt_networks_pass(self) -> None:
        self.assertEqual(self.replies_to(25, "victim@elsewhere.example", source=SENDER.ipv4), [250])

    def test_it_is_in_the_log_and_the_verdict(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as stranger:
            self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235)
            stranger.mail("somebody@stranger.example")
            stranger.rcpt("victim@elsewhere.example")
            source = stranger.source
        self.assertIn("refused by the relay guard", self.receiver.verdict_of(source)["detail"])
        self.assertRegex(self.milter.log_tail(),
                         rf"relay guard: a recipient at elsewhere.example \(transport smtp\) is refused to {source}")


class Off(RelayGuardTestCase):
    """Which shows that it is the guard that refuses above."""

    OPTIONS = ["--relay-guard", "no"]

    def test_postfix_would_relay(self) -> None:
        for port in (25, 26):
            self.assertEqual(self.replies_to(port, "victim@elsewhere.example"), [250])
