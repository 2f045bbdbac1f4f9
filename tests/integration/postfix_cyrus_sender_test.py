"""Postfix does not tell a plugin of Cyrus SASL which connection it is: it cannot sign with one, and nothing else is signed. It
can be kept from trying, for the sake of servers that want a password."""

import pathlib

from tecs_testing import mounts
from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.cyrus import install_plugin
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.password_server import PasswordServer
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until


class FromPostfixWithCyrusSasl(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        install_plugin(cls.workspace)
        name_server = NameServer(cls.workspace)
        domain = make_domain(cls.workspace, "sender.example")
        name_server.publish(domain.name, domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()
        # Where the plugin looks, for this test alone.
        cls.workspace.file("machine/tecs/sasl-client.conf", f"identity = {domain.name} - {domain.key}\n")
        mounts.layers(cls.workspace, pathlib.Path("/etc"), [cls.workspace.path / "machine", pathlib.Path("/etc")])
        server = f"[{RECEIVER.ipv4}]:25"
        cls.provider = PasswordServer("127.0.0.1", 0, "TECS-1 PLAIN LOGIN")
        cls.workspace.at_end(cls.provider.stop)
        provider = f"[127.0.0.1]:{cls.provider.server_address[1]}"
        passwords = cls.workspace.file("passwords", "".join(
            f"{each} {domain.name}:none\n" for each in (server, provider)))
        cls.sender = Sender(
            cls.workspace,
            [Route("somebody@sender.example", server), Route("customer@sender.example", provider),
             Route("filtered@sender.example", provider, "filtered")],
            settings={
                "smtp_sasl_auth_enable": "yes", "smtp_sasl_type": "cyrus",
                "smtp_sasl_password_maps": f"texthash:{passwords}", "smtp_sasl_security_options": "noanonymous"},
            transports={"filtered": {"smtp_sasl_mechanism_filter": "!tecs-1,static:rest"}}).start()

    def test_uses_a_password_beside_tecs_1_when_it_is_told_to(self) -> None:
        postfix = self.sender.postfix
        self.sender.send("customer@sender.example", "somebody@provider.example", subject="not sent")
        wait_until("the delay", lambda: postfix.log_lines("to=<somebody@provider.example>.*status=deferred .SASL auth"))
        self.assertNotIn("PLAIN", self.provider.logins)
        self.sender.send("filtered@sender.example", "filtered@provider.example", subject="sent")
        wait_until("the delivery", lambda: postfix.log_lines("to=<filtered@provider.example>.*status=sent"))
        self.assertEqual(len(self.provider.logins), 1)
        self.assertIn(self.provider.logins[0], ("PLAIN", "LOGIN"))

    def test_says_why_and_sends_no_auth(self) -> None:
        self.sender.send("somebody@sender.example", "somebody@receiver.example", subject="not signed")
        postfix = self.sender.postfix
        wait_until("the delay", lambda: postfix.log_lines(
            "to=<somebody@receiver.example>.*status=deferred .SASL authentication failed"))
        self.assertTrue(postfix.log_lines("TECS-1: not signed: this program does not say which connection it is"))
        self.assertEqual(postfix.queued(), 1)
        ends = wait_until("the end", lambda: self.receiver.postfix.log_lines("disconnect from"))
        self.assertRegex(ends[0], r"ehlo=1 quit=1 commands=2$")
        client = self.receiver.postfix.log_lines(r" connect from")[0].rpartition("[")[2].partition("]:")
        verdict = self.receiver.verdict_of(written(client[0], int(client[2])))
        self.assertEqual((verdict["result"], verdict["domain"]), ("none", ""))
