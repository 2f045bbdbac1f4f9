"""The milter's own guard against relaying, for those whose mail server takes a signature for a login."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import DOMAIN, Receiver
from tecs_testing.sendmail_receiver import SendmailReceiver
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
        cls.domain = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, *cls.OPTIONS)

    def stranger(self, port: int = 25, source: str = RECEIVER.ipv4) -> SmtpClient:
        """Has signed, and said who the mail is from."""
        client = SmtpClient(RECEIVER.ipv4, port, source)
        self.addCleanup(client.close)
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        self.assertEqual(client.mail("somebody@stranger.example")[0], 250)
        return client

    def replies_to(self, stranger: SmtpClient, *recipients: str) -> list[int]:
        return [stranger.docmd(f"RCPT TO:<{each}>")[0] for each in recipients]


class OnPostfixTestCase(RelayGuardTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = Receiver(
            cls.workspace, cls.milter,
            [SmtpService(RECEIVER.ipv4, 25, DEBIAN_DEFAULT),
             SmtpService(RECEIVER.ipv4, 26, DEBIAN_DEFAULT | NO_LOGIN_FOR_OTHERS)],
            {"relay_domains": "backup.example", "transport_maps": "inline:{mapped.example=smtp:[192.0.2.99]}"}).start()


class OnPostfix(OnPostfixTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.OPTIONS = ["--relay-domains", str(cls.workspace.file("relay-domains", "mapped.example\n")),
                       "--exempt-networks", str(cls.workspace.file("networks", f"{SENDER.ipv4}\n"))]
        super().set_up()

    def test_a_login_by_signature_may_not_relay(self) -> None:
        for port in (25, 26):
            replies = self.replies_to(self.stranger(port), "victim@elsewhere.example", f"somebody@{DOMAIN}")
            self.assertEqual(replies, [554, 250], port)

    def test_nor_by_another_spelling(self) -> None:
        replies = self.replies_to(self.stranger(), f"@{DOMAIN}:victim@elsewhere.example", "victim@elsewhere.example.",
                                  "VICTIM@ELSEWHERE.example")
        self.assertEqual(replies, [554, 554, 554])

    def test_what_postfix_relays_for_passes(self) -> None:
        self.assertEqual(self.replies_to(self.stranger(), "somebody@backup.example"), [250])

    def test_relay_domains_pass(self) -> None:
        self.assertEqual(self.replies_to(self.stranger(), "somebody@mapped.example"), [250])

    def test_exempt_networks_pass(self) -> None:
        self.assertEqual(self.replies_to(self.stranger(source=SENDER.ipv4), "victim@elsewhere.example"), [250])

    def test_it_is_in_the_log_and_the_verdict(self) -> None:
        stranger = self.stranger()
        source = stranger.source
        self.replies_to(stranger, "victim@elsewhere.example")
        stranger.quit()
        self.assertIn("refused by the relay guard", self.receiver.verdict_of(source)["detail"])
        self.assertRegex(self.milter.log_tail(),
                         rf"relay guard: a recipient at elsewhere.example \(transport smtp\) is refused to {source}")


class OffOnPostfix(OnPostfixTestCase):
    """Which shows that it is the guard that refuses above."""

    OPTIONS = ["--relay-guard", "no"]

    def test_postfix_would_relay(self) -> None:
        for port in (25, 26):
            self.assertEqual(self.replies_to(self.stranger(port), "victim@elsewhere.example"), [250], port)


class OnSendmailTestCase(RelayGuardTestCase):
    SETTINGS = ""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, f"TRUST_AUTH_MECH(`TECS-1')dnl\n{cls.SETTINGS}").start()

    def replies(self) -> list[int]:
        return self.replies_to(self.stranger(source=SENDER.ipv4), "victim@elsewhere.example", f"somebody@{DOMAIN}")


class OnSendmailByDefault(RelayGuardTestCase):
    """The guard stays out of the way: mail for recipients of this host may leave by the same mailer."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, "RELAY_DOMAIN(`branch.example')dnl\n").start()

    def test_what_sendmail_relays_for_passes(self) -> None:
        replies = self.replies_to(self.stranger(source=SENDER.ipv4), "boss@branch.example", "victim@elsewhere.example")
        self.assertEqual(replies, [250, 550], self.receiver.explain())


class OnSendmail(OnSendmailTestCase):
    OPTIONS = ["--relay-guard", "yes"]

    def test_a_login_by_signature_may_not_relay(self) -> None:
        self.assertEqual(self.replies(), [554, 250])


class OnSendmailWithSmartHost(OnSendmailTestCase):
    """There the way outside is the mailer `relay`, which with Postfix leads to what it is an MX for."""

    OPTIONS = ["--relay-guard", "yes"]
    SETTINGS = "define(`SMART_HOST', `[192.0.2.99]')dnl\n"

    def test_a_login_by_signature_may_not_relay(self) -> None:
        self.assertEqual(self.replies(), [554, 250])


class OffOnSendmail(OnSendmailTestCase):
    OPTIONS = ["--relay-guard", "no"]

    def test_sendmail_would_relay(self) -> None:
        self.assertEqual(self.replies(), [250, 250])
