"""An MTA that has said QUIT and then closes its sending side (Exim does) still gets every reply, also through TLS, where
Postfix drops the connection when it is told of the end before it has answered."""

import socket

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsSigner, signer_user
from tecs_testing.mailbox import Mailbox
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, Host, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.waiting import wait_until

# More than Postfix reads at once, so that it writes, and reads to the end, in the middle of the message.
BODY = b"Subject: half-closed\r\n\r\n" + b"Some text.\r\n" * 450

# So that the end is there before the server has read and answered everything.
PAUSE = {"smtpd_recipient_restrictions": "sleep 1, reject_unauth_destination"}


@one_test_each([RECEIVER, RECEIVER_WITH_TLS],
               lambda host: "with_starttls" if host is RECEIVER_WITH_TLS else "without_starttls")
class HalfClose(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, RECEIVER_WITH_TLS)
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        cls.mailbox = Mailbox(cls.workspace, "mailbox", "receiver.example")
        cls.receiver = Postfix(
            cls.workspace, "receiver", {"myhostname": "mx.receiver.example", **cls.mailbox.settings()},
            [SmtpService(RECEIVER.ipv4, 25, PAUSE), SmtpService(RECEIVER_WITH_TLS.ipv4, 25, {**starttls, **PAUSE})]).start()

    def check(self, host: Host) -> None:
        signer = TecsSigner(self.workspace, f"signer-{host.ipv4}", self.domain, written(host.ipv4, 25))
        with socket.create_connection(("127.0.0.1", signer.port), timeout=20) as mta, mta.makefile("rb") as replies:
            self.assertRegex(replies.readline(), b"^220 ")
            mta.sendall(b"EHLO client.example\r\n")
            while replies.readline()[3:4] == b"-":
                pass
            mta.sendall(b"MAIL FROM:<>\r\nRCPT TO:<somebody@receiver.example>\r\n"
                        b"BDAT %d LAST\r\n%sQUIT\r\n" % (len(BODY), BODY))
            mta.shutdown(socket.SHUT_WR)
            codes = [line[:3] for line in replies.read().splitlines()]
            self.assertEqual(codes, [b"250", b"250", b"250", b"221"], self.receiver.log_tail(20))

    def test_a_message_that_was_not_completed_is_forgotten(self) -> None:
        """The server learns soon that no more comes."""
        for host in (RECEIVER, RECEIVER_WITH_TLS):
            signer = TecsSigner(self.workspace, f"signer-halfway-{host.ipv4}", self.domain, written(host.ipv4, 25))
            with self.subTest(host), socket.create_connection(("127.0.0.1", signer.port), timeout=20) as mta, \
                    mta.makefile("rb") as replies:
                replies.readline()
                mta.sendall(b"EHLO client.example\r\n")
                while replies.readline()[3:4] == b"-":
                    pass
                mta.sendall(b"MAIL FROM:<halfway@client.example>\r\nRCPT TO:<somebody@receiver.example>\r\nDATA\r\n")
                self.assertEqual([replies.readline()[:3] for _ in range(3)], [b"250", b"250", b"354"])
                mta.sendall(b"Subject: halfway\r\n\r\nHello.\r\n")
            wait_until("end", lambda: self.receiver.log_lines(rf"lost connection after DATA .*\[{host.ipv4}\]"))
        self.assertEqual(self.receiver.log_lines("from=<halfway@client.example>"), [])
