"""A stranger whose signature passes has said who they are. Nobody on the receiving side may take that for a login: neither
Postfix, which would relay for them, nor milters behind ours, which would sign their mail or not check it."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.configuration_check import Checked, check_postfix
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.opendkim import OpenDkim
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.receiver import DOMAIN, Receiver
from tecs_testing.rspamd import Rspamd
from tecs_testing.smtp_client import SmtpClient

# As in Debian's main.cf, which every Postfix on Debian begins with.
DEBIAN_DEFAULT = {"smtpd_relay_restrictions": "permit_mynetworks permit_sasl_authenticated defer_unauth_destination"}
# What docs/postfix.md tells those to set who have more milters than tecs-milter.
NO_LOGIN_FOR_OTHERS = {"milter_mail_macros": "i {mail_addr} {mail_host} {mail_mailer}"}


class NoOpenRelayTestCase(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "stranger.example")
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, cls.name_server.endpoint)
        cls.unguarded = TecsMilter(cls.workspace, cls.name_server.endpoint, "--relay-guard", "no", name="unguarded")

    def stranger(self, port: int) -> SmtpClient:
        """Has signed; is in nobody's mynetworks."""
        client = SmtpClient(RECEIVER.ipv4, port)
        self.addCleanup(client.close)
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        return client

    def replies_to(self, port: int, *recipients: str) -> list[int]:
        """To RCPT, each recipient in turn."""
        stranger = self.stranger(port)
        self.assertEqual(stranger.mail("somebody@stranger.example")[0], 250)
        return [stranger.rcpt(each)[0] for each in recipients]


class Relaying(NoOpenRelayTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = Receiver(cls.workspace, cls.milter, [
            SmtpService(RECEIVER.ipv4, 25, cls.unguarded.smtpd_settings()),
            SmtpService(RECEIVER.ipv4, 26, DEBIAN_DEFAULT),
            SmtpService(RECEIVER.ipv4, 28, DEBIAN_DEFAULT | NO_LOGIN_FOR_OTHERS),
            SmtpService(RECEIVER.ipv4, 27, cls.unguarded.smtpd_settings() | DEBIAN_DEFAULT)])
        cls.unguarded.start()
        cls.receiver.start()

    def test_the_documented_configuration_relays_for_nobody(self) -> None:
        """By itself: there is no guard on this port, which answers alike."""
        self.assertEqual(self.replies_to(25, "victim@elsewhere.example", f"somebody@{DOMAIN}"), [554, 250])

    def test_the_default_of_debian_would_relay(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        self.assertEqual(self.replies_to(27, "victim@elsewhere.example"), [250])

    def test_the_guard_refuses_what_the_default_of_debian_permits(self) -> None:
        for port in (26, 28):  # it asks for what it needs, whatever others are told
            with self.subTest(port=port):
                self.assertEqual(
                    self.replies_to(port, "victim@elsewhere.example", f"somebody@{DOMAIN}", "other@elsewhere.example"),
                    [554, 250, 554])

    def test_the_guard_is_no_business_of_those_who_do_not_sign(self) -> None:
        client = SmtpClient(RECEIVER.ipv4, 26)
        self.addCleanup(client.close)
        self.assertEqual(client.mail("somebody@stranger.example")[0], 250)
        self.assertEqual(client.rcpt("victim@elsewhere.example")[0], 454)  # of defer_unauth_destination
        self.assertEqual(client.rcpt(f"somebody@{DOMAIN}")[0], 250)

    def test_the_check_finds_nothing_wrong_with_the_documented_configuration(self) -> None:
        postfix = Postfix(self.workspace, "documented", {}, [SmtpService(RECEIVER.ipv4, 25, self.milter.smtpd_settings())])
        self.assertEqual(check_postfix(postfix.configuration), Checked(0, []))

    def test_the_check_names_the_line_that_makes_the_default_of_debian_an_open_relay(self) -> None:
        settings = self.milter.smtpd_settings() | DEBIAN_DEFAULT
        postfix = Postfix(self.workspace, "debian", {}, [SmtpService(RECEIVER.ipv4, 25, settings)])

        found = check_postfix(postfix.configuration)

        self.assertEqual(found.exit_code, 1)
        self.assertEqual(found.of("unsafe"), ["relay-by-login"])
        finding = found.findings[0]
        master = postfix.configuration / "master.cf"
        self.assertEqual(finding["file"], str(master))
        self.assertIn("smtpd_relay_restrictions", master.read_text().splitlines()[finding["line"] - 1])
        self.assertEqual(finding["change"], "-o smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination")


class OtherMilters(NoOpenRelayTestCase):
    """Each twice: told of the login, as Postfix does by itself, and with what the documentation says."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.opendkim, cls.rspamd = OpenDkim(cls.workspace), Rspamd(cls.workspace)
        services = []
        for port, other in ((25, cls.opendkim), (26, cls.rspamd)):
            chain = {"smtpd_milters": f"{cls.milter.milter_socket} {other.socket}"}
            services.append(SmtpService(RECEIVER.ipv4, port, chain | NO_LOGIN_FOR_OTHERS))
            services.append(SmtpService(RECEIVER.ipv4, port + 1000, chain))
        cls.receiver = Receiver(cls.workspace, cls.milter, services).start()

    def send(self, port: int) -> str:
        """Mail of a stranger with an address of ours in From, as forgers like it. Its subject, and the local part of its id."""
        name = f"port-{port}"
        self.stranger(port).sendmail("somebody@stranger.example", [f"somebody@{DOMAIN}"], (
            f"From: boss@{DOMAIN}\r\nSubject: {name}\r\nMessage-ID: <{name}@stranger.example>\r\n"
            "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nHello.\r\n"))
        return name

    def test_opendkim_does_not_sign_for_a_stranger(self) -> None:
        told, not_told = (self.receiver.arrived(self.send(port)) for port in (1025, 25))
        self.assertIn(f"d={DOMAIN}", told.get("DKIM-Signature", ""), "this test would see no harm done")
        self.assertNotIn("DKIM-Signature", not_told)

    def test_rspamd_checks_the_mail_of_a_stranger(self) -> None:
        told, not_told = (self.rspamd.result_of(f"{self.send(port)}@stranger.example") for port in (1026, 26))
        self.assertIn("user: tecs:stranger.example", told, "this test would see no harm done")
        self.assertNotIn("R_DKIM_NA", told)
        self.assertNotIn("user:", not_told)
        self.assertIn("R_DKIM_NA", not_told)

    def test_the_check_tells_both_apart(self) -> None:
        found = check_postfix(self.receiver.postfix.configuration)
        by_service = {(each["subject"], each["finding"]) for each in found.findings if each["severity"] == "unsafe"}
        self.assertEqual(by_service, {(f"{RECEIVER.ipv4}:1025/inet", "auth-macros"),
                                      (f"{RECEIVER.ipv4}:1026/inet", "auth-macros")})
