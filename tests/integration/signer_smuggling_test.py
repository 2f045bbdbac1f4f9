"""SMTP smuggling: what one side takes for text is the end of the message to the other. Postfix as it is here takes more than
CRLF.CRLF for the end; no message of somebody else may get under a signature by that."""

import socket

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.waiting import wait_until

ENDS = {
    "lf_dot_lf": b"\n.\n",
    "lf_dot_crlf": b"\n.\r\n",
    "crlf_dot_lf": b"\r\n.\n",
    "cr_dot_cr": b"\r.\r",
    "cr_dot_crlf": b"\r.\r\n",
    "crlf_dot_cr": b"\r\n.\r",
    "lf_dot_cr": b"\n.\r",
    "cr_dot_lf": b"\r.\n",
    "lf_dot_cr_cr_lf": b"\n.\r\r\n",
    "crlf_dot_cr_cr_lf": b"\r\n.\r\r\n",
    "crlf_cr_dot_crlf": b"\r\n\r.\r\n",
    "crlf_dot_nul_crlf": b"\r\n.\0\r\n",
}
# And so a message is smuggled when nobody is in between.
TAKEN_BY_POSTFIX = {"lf_dot_lf", "lf_dot_crlf", "crlf_dot_lf", "lf_dot_cr_cr_lf", "crlf_dot_cr_cr_lf"}


@one_test_each(ENDS.items(), lambda row: row[0])
class Smuggling(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        domain = make_domain(cls.workspace, "honest.example", owner=signer_user())
        victim = make_domain(cls.workspace, "victim.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish_all({domain.name: domain.record, victim.name: victim.record})
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25, {"smtpd_forbid_bare_newline": "no"})]).start()
        identities = cls.workspace.file("identities", f"sender:honest.example honest.example - {domain.key}\n"
                                                      f"sender:victim.example victim.example - {victim.key}\n")
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": written(RECEIVER.ipv4, 25), "identities": str(identities)}, listen="127.0.0.1:{port}")

    def attack(self, address: str, port: int, name: str, sender: bytes) -> list[bytes]:
        """Sends a message with another one inside; all replies, without the EHLO's."""
        with socket.create_connection((address, port), timeout=30) as client, client.makefile("rb") as replies:
            replies.readline()
            client.sendall(b"EHLO client.example\r\n")
            while replies.readline()[3:4] == b"-":
                pass
            client.sendall(b"MAIL FROM:<somebody@%s>\r\nRCPT TO:<somebody@receiver.example>\r\nDATA\r\n" % sender)
            for code in (b"250", b"250", b"354"):
                self.assertEqual(replies.readline()[:3], code)
            client.sendall(
                b"Subject: outer %s\r\n\r\nHello%s" % (name.encode(), ENDS[name.partition(" ")[0]]) +
                b"MAIL FROM:<ceo@victim.example>\r\nRCPT TO:<somebody@receiver.example>\r\nDATA\r\n"
                b"Subject: smuggled %s\r\n\r\nPay.\r\n.\r\nQUIT\r\n" % name.encode())
            try:
                return [line[:3] for line in replies.read().splitlines()]
            except ConnectionResetError:
                return []

    def no_mail_waits(self) -> None:
        wait_until("empty queue", lambda: self.receiver.postfix.queued() == 0)

    def check(self, row: tuple[str, bytes]) -> None:
        name, _ = row
        with self.subTest("without the signer"):
            self.attack(RECEIVER.ipv4, 25, f"{name} direct", b"honest.example")
            self.receiver.arrived(f"outer {name} direct")
            self.no_mail_waits()
            smuggled = self.receiver.mailbox.find(f"smuggled {name} direct")
            self.assertEqual(smuggled is not None, name in TAKEN_BY_POSTFIX)

        with self.subTest("through the signer"):
            replies = self.attack("127.0.0.1", self.signer.port, name, b"honest.example")
            self.no_mail_waits()
            self.assertIsNone(self.receiver.mailbox.find(f"smuggled {name}"))
            if name in TAKEN_BY_POSTFIX:
                self.assertIsNone(self.receiver.mailbox.find(f"outer {name}"))
                self.assertEqual(replies, [b"554"])

    def test_a_message_with_dots_where_they_may_be(self) -> None:
        """Dots that are no end, and are none to anybody."""
        address = ("127.0.0.1", self.signer.port)
        with socket.create_connection(address, timeout=30) as client, client.makefile("rb") as replies:
            replies.readline()
            client.sendall(b"EHLO client.example\r\n")
            while replies.readline()[3:4] == b"-":
                pass
            client.sendall(b"MAIL FROM:<somebody@honest.example>\r\nRCPT TO:<somebody@receiver.example>\r\nDATA\r\n")
            for code in (b"250", b"250", b"354"):
                self.assertEqual(replies.readline()[:3], code)
            client.sendall(b"Subject: dots\r\n\r\n..\r\n. .\r\n...\r\nMAIL FROM:<ceo@victim.example>\r\n.\r\nQUIT\r\n")
            self.assertEqual([line[:3] for line in replies.read().splitlines()], [b"250", b"221"])
        message = self.receiver.arrived("dots")
        self.assertEqual(message.get_payload(), ".\n .\n..\nMAIL FROM:<ceo@victim.example>\n")
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=honest.example$")
