"""Several messages on one connection: one signature, one verdict."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient


class SeveralMessages(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.signer = TecsSigner(cls.workspace, "signer", cls.domain, written(RECEIVER.ipv4, 25))
        # Postfix keeps the connection for a second after each message, and uses it for the next.
        cls.sender = Sender(cls.workspace, [Route("somebody@signed.example", f"[127.0.0.1]:{cls.signer.port}")],
                            settings={"smtp_connection_cache_destinations": "static:all",
                                      "smtp_connection_cache_time_limit": "10s",
                                      "default_destination_concurrency_limit": "1"}).start()

    def assert_signed(self, subject: str) -> str:
        """The end point that the mail came from."""
        message = self.receiver.arrived(subject)
        self.assertEqual(len(tecs_results(message)), 1)
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        return self.receiver.client_of(message)

    def test_one_after_the_other(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
            for number in range(3):
                client.deliver("somebody@receiver.example", f"message {number}")

        for number in range(3):
            self.assertEqual(self.assert_signed(f"message {number}"), source)
        verdict = self.receiver.verdict_of(source)
        self.assertEqual((verdict["result"], verdict["messages"], verdict["recipients"]), ("pass", 3, 3))

    def test_signed_only_after_the_first(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            client.deliver("somebody@receiver.example", "not yet signed")
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
            client.deliver("somebody@receiver.example", "now signed")

        self.assertIn("tecs=none", tecs_results(self.receiver.arrived("not yet signed"))[0])
        self.assertEqual(self.assert_signed("now signed"), source)
        self.assertEqual(self.receiver.verdict_of(source)["messages"], 2)

    def test_a_refused_recipient_and_an_aborted_transaction_do_not_count(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            client.mail("sender@client.example")
            self.assertEqual(client.rcpt("somebody@receiver.example")[0], 250)
            client.rset()
            client.mail("sender@client.example")
            self.assertEqual(client.rcpt("somebody@elsewhere.example")[0], 554)
            self.assertEqual(client.rcpt("somebody@receiver.example")[0], 250)
            self.assertEqual(client.rcpt("another@receiver.example")[0], 250)
            client.data("Subject: two recipients\r\n\r\nHello.\r\n")

        verdict = self.receiver.verdict_of(source)
        self.assertEqual((verdict["messages"], verdict["recipients"]), (1, 2))

    def test_postfix_uses_the_connection_of_the_signer_again(self) -> None:
        for number in range(3):
            self.sender.send("somebody@signed.example", "somebody@receiver.example", f"reused {number}")

        sources = {self.assert_signed(f"reused {number}") for number in range(3)}
        self.assertEqual(len(sources), 1, "the messages came on connections of their own")
        self.assertEqual(self.receiver.verdict_of(sources.pop())["messages"], 3)
