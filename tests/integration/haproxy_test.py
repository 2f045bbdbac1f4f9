"""A receiver behind HAProxy. The client signs the connection that it made, which is the one to HAProxy: the server has to
learn of it, by the PROXY protocol."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.haproxy import HaProxy
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.postscreen import SCREENING, ScreenedService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

HIDDEN = 100  # connections in a row, from what seems to be one client


class BehindHaProxy(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER, RECEIVER_WITH_TLS)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        told = {"smtpd_upstream_proxy_protocol": "haproxy"}
        cls.receiver = Receiver(
            # Knowing the address of the front end is no help when the client's own end is hidden.
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint,
                                      "--public-address", f"127.0.0.1:1027={written(RECEIVER.ipv4, 27)}"),
            [SmtpService("127.0.0.1", 1025, told), ScreenedService("127.0.0.1", 1026), SmtpService("127.0.0.1", 1027)],
            SCREENING | {"postscreen_upstream_proxy_protocol": "haproxy"}).start()
        HaProxy(cls.workspace, {
            written(RECEIVER.ipv4, 25): "127.0.0.1:1025",
            written(RECEIVER.ipv6, 25): "127.0.0.1:1025",
            written(RECEIVER.ipv4, 26): "127.0.0.1:1026",
        }, proxy_protocol=True)
        HaProxy(cls.workspace, {written(RECEIVER.ipv4, 27): "127.0.0.1:1027"}, proxy_protocol=False)

    def send(self, server: str, port: int, source: str, *, code: int) -> str:
        """Signs, hears this code, and delivers. The subject of the mail."""
        with SmtpClient(server, port, source) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), code, self.receiver.explain())
            subject = f"{self.id()} {client.source} {client.destination}"
            client.deliver("somebody@receiver.example", subject)
        return subject

    def assert_passed(self, subject: str) -> None:
        message = self.receiver.arrived(subject)
        _, source, destination = subject.split()
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["client"], verdict["server"]), ("pass", source, destination))

    def test_ipv4(self) -> None:
        self.assert_passed(self.send(RECEIVER.ipv4, 25, SENDER.ipv4, code=235))

    def test_ipv6_outside_and_ipv4_inside(self) -> None:
        self.assert_passed(self.send(RECEIVER.ipv6, 25, SENDER.ipv6, code=235))

    def test_before_postscreen(self) -> None:
        self.assert_passed(self.send(RECEIVER.ipv4, 26, SENDER.ipv4, code=235))

    def test_without_the_proxy_protocol_signatures_fail_and_mail_flows(self) -> None:
        subject = self.send(RECEIVER.ipv4, 27, SENDER.ipv4, code=535)
        message = self.receiver.arrived(subject)
        self.assertRegex(tecs_results(message)[0], "tecs=fail")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["reason"], verdict["server"]),
                         ("fail", "signature-mismatch", "127.0.0.1:1027"))

    def test_clients_that_are_hidden_are_warned_about_once(self) -> None:
        def warnings() -> list[str]:
            return [line for line in self.receiver.milter.log.read_text().splitlines() if "does a proxy hide" in line]

        for _ in range(HIDDEN):
            SmtpClient(RECEIVER.ipv4, 27, SENDER.ipv4).close()
        said = wait_until("warning", warnings)
        self.assertRegex(said[0], r"the last 100 connections all came from 127\.0\.0\.1: .* No signature can be right")
        for _ in range(HIDDEN + 1):
            SmtpClient(RECEIVER.ipv4, 27, SENDER.ipv4).close()
        self.assertEqual(warnings(), said)
