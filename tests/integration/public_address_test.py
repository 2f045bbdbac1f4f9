"""An MX with a private address, which the world reaches under another: the kernel translates the destination."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, SENDER, Host, add_addresses, translate_destinations
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient

PRIVATE = Host("10.0.0.5", "fd00::5")
NOT_TOLD = Host("10.0.0.6", "fd00::6")
# What the world connects to, and where the kernel sends it.
TRANSLATED = {
    (RECEIVER.ipv4, 25): (PRIVATE.ipv4, 25),
    (RECEIVER.ipv6, 25): (PRIVATE.ipv6, 25),
    (RECEIVER_WITH_TLS.ipv4, 25): (PRIVATE.ipv4, 25),
    (RECEIVER.ipv4, 26): (PRIVATE.ipv4, 2626),
    (RECEIVER.ipv4, 27): (NOT_TOLD.ipv4, 27),
}
PAIRS = [
    f"{PRIVATE.ipv4}={RECEIVER.ipv4}",
    f"{PRIVATE.ipv4}={RECEIVER_WITH_TLS.ipv4}",
    f"{PRIVATE.ipv6}={RECEIVER.ipv6}",
    f"{written(PRIVATE.ipv4, 2626)}={written(RECEIVER.ipv4, 26)}",
]


class PublicAddress(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER, RECEIVER_WITH_TLS, PRIVATE, NOT_TOLD)
        translate_destinations(TRANSLATED)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        options = [word for pair in PAIRS for word in ("--public-address", pair)]
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint, *options), [
            SmtpService(PRIVATE.ipv4, 25), SmtpService(PRIVATE.ipv6, 25), SmtpService(PRIVATE.ipv4, 2626),
            SmtpService(NOT_TOLD.ipv4, 27)]).start()

    def assert_passes(self, server: str, port: int, source: str) -> None:
        """The verdict names the end that was signed, which is the one that the client connected to."""
        subject = f"{self.id()} {written(server, port)}"
        with SmtpClient(server, port, source) as client:
            self.assertEqual(client.destination, written(server, port))
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235, self.receiver.explain())
            client.deliver("somebody@receiver.example", subject)
            source_seen = client.source
        message = self.receiver.arrived(subject)
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["client"], verdict["server"]),
                         ("pass", source_seen, written(server, port)))

    def test_ipv4(self) -> None:
        self.assert_passes(RECEIVER.ipv4, 25, SENDER.ipv4)

    def test_ipv6(self) -> None:
        self.assert_passes(RECEIVER.ipv6, 25, SENDER.ipv6)

    def test_a_second_public_address_of_the_same_host(self) -> None:
        self.assert_passes(RECEIVER_WITH_TLS.ipv4, 25, SENDER.ipv4)

    def test_another_port_inside(self) -> None:
        self.assert_passes(RECEIVER.ipv4, 26, SENDER.ipv4)

    def test_clients_inside_that_use_the_private_address(self) -> None:
        self.assert_passes(PRIVATE.ipv4, 25, SENDER.ipv4)

    def test_an_address_that_nobody_told_of_fails_and_mail_flows(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 27, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 535)
            client.deliver("somebody@receiver.example", "not told")
        verdict = self.receiver.verdict_on(self.receiver.arrived("not told"))
        self.assertEqual((verdict["result"], verdict["reason"]), ("fail", "signature-mismatch"))
