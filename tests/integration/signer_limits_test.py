"""tecs-signer runs out of descriptors, or out of memory: mail stays with the MTA and arrives once, and once there is
room again all is as it was."""

import contextlib
import re
import signal
import smtplib
import socket
import time
from typing import Iterator

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.limits import address_space_of, descriptors_of, is_quiet, limited
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

BOUND = 15.0  # seconds that a session which is under way may take for a message, however slow the build is
RECIPIENT = "somebody@receiver.example"
NO_SIGNATURE = "the crypto library could not sign with this key|the connection cannot be signed"
NO_MEMORY = f"identity=none result=failed|cannot accept connections|{NO_SIGNATURE}"


class SignerLimits(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(domain.name, domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)], {"max_idle": "1s"}).start()
        cls.settings = {"upstream": f"{RECEIVER.ipv4}:25", "domain": domain.name, "key": domain.key, "tls": "may"}
        cls.start_signer("signer")
        cls.sender = Sender(cls.workspace, [Route("somebody@sender.example", f"[127.0.0.1]:{cls.signer.port}")],
                            settings={"minimal_backoff_time": "1s", "maximal_backoff_time": "1s",
                                      "queue_run_delay": "1s", "smtp_helo_timeout": "5s"}).start()

    @classmethod
    def start_signer(cls, name: str, port: int | None = None) -> None:
        cls.signer = ConfiguredSigner(cls.workspace, name, cls.settings, port=port,
                                      # Else glibc has address space in hand for each thread.
                                      environment={"MALLOC_ARENA_MAX": "1"})

    @property
    def pid(self) -> int:
        return self.signer.pid

    def limited(self, name: str, limit: int) -> contextlib.AbstractContextManager[None]:
        return limited(self.pid, signer_user(), name, limit)

    def under_way(self) -> SmtpClient:
        client = SmtpClient("127.0.0.1", self.signer.port)
        self.addCleanup(client.close)
        return client

    def assert_is_served(self, client: SmtpClient, subject: str) -> None:
        begin = time.monotonic()
        client.deliver(RECIPIENT, subject)
        self.assertEqual(client.quit()[0], 221)
        self.assertLess(time.monotonic() - begin, BOUND)

    def assert_is_signed(self, subject: str) -> None:
        verdict = self.receiver.verdict_on(self.receiver.arrived(subject))
        self.assertEqual((verdict["result"], verdict["domain"]), ("pass", "sender.example"), verdict)

    def assert_is_signed_unless_told(self, subject: str) -> None:
        """Where a signature is not required, mail goes on without one that cannot be made."""
        if re.search(f'result=unsigned reason="({NO_SIGNATURE})', self.all_logs()):
            self.assertIn(self.receiver.verdict_on(self.receiver.arrived(subject))["result"], ("pass", "none"))
        else:
            self.assert_is_signed(subject)

    def all_logs(self) -> str:
        return "".join(log.read_text() for log in self.workspace.path.glob("signer*.log"))

    def assert_arrives_in_the_end(self, subject: str) -> None:
        """Once: the MTA has kept it, and sends it now."""
        def pushed() -> bool:
            self.start_again_if_it_ended_by_itself()
            self.sender.postfix.flush()
            return self.receiver.mailbox.find(subject) is not None

        try:
            wait_until(f"mail with subject {subject!r}", pushed, 60)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.sender.postfix.log_tail(15)}\n{self.signer.log_tail(15)}\n"
                                f"{self.receiver.explain()}") from None
        wait_until("empty queue", lambda: pushed() and not self.sender.postfix.queued())
        self.assertEqual([each["Subject"] for each in self.receiver.mailbox.messages()].count(subject), 1)

    def crowd(self, count: int) -> Iterator[socket.socket]:
        """Connections, of which a signer that ends takes no more."""
        for _ in range(count):
            with contextlib.suppress(OSError):
                one = socket.create_connection(("127.0.0.1", self.signer.port), timeout=30)
                self.addCleanup(one.close)
                yield one

    def test_out_of_descriptors(self) -> None:
        client, pid = self.under_way(), self.pid
        limit = descriptors_of(pid) + 9
        with self.limited("nofile", limit):
            crowd = list(self.crowd(30))
            wait_until("complaint", lambda: "cannot accept connections, will go on trying" in self.signer.text())
            self.sender.send("somebody@sender.example", RECIPIENT, "out of descriptors")
            self.assertTrue(is_quiet(pid), "it asks again and again for what it cannot have")
            self.assert_is_served(client, "under way when descriptors ran out")
            self.assert_is_signed("under way when descriptors ran out")
            for one in crowd:
                one.close()
            self.assert_arrives_in_the_end("out of descriptors")
        self.assert_is_signed("out of descriptors")
        self.assertTrue(self.signer.running() and self.pid == pid, self.all_logs())

    def test_out_of_memory(self) -> None:
        """What finds no memory in a part that all sessions share ends the signer, and then systemd starts it again."""
        for one in [self.under_way() for _ in range(20)]:  # each thread has met what it needs for good
            one.deliver(RECIPIENT, "before memory ran out")
            one.quit()
        client, pid = self.under_way(), self.pid
        with self.limited("as", address_space_of(pid)):
            self.sender.send("somebody@sender.example", RECIPIENT, "out of memory")
            crowd = list(self.crowd(150))
            wait_until("shortage", lambda: re.search(NO_MEMORY, self.signer.text()) or not self.signer.running())
            self.assert_is_served_unless_it_ends(client, "under way when memory ran out")
            for one in crowd:
                one.close()
        self.assert_arrives_in_the_end("out of memory")
        self.assert_is_signed_unless_told("out of memory")
        self.start_again_if_it_ended_by_itself()
        print("\n    it went on" if self.pid == pid else "\n    it ended and was started again", flush=True)
        after = self.under_way()
        self.assert_is_served(after, "after memory ran out")
        self.assert_is_signed("after memory ran out")

    def assert_is_served_unless_it_ends(self, client: SmtpClient, subject: str) -> None:
        try:
            self.assert_is_served(client, subject)
            self.assert_is_signed_unless_told(subject)
        except (OSError, smtplib.SMTPException):
            wait_until("end of the signer, which alone excuses that", lambda: not self.signer.running())

    def start_again_if_it_ended_by_itself(self) -> None:
        """As systemd does."""
        if not self.signer.running():
            self.assertEqual(self.signer.ended_with(), -signal.SIGABRT, "std::terminate, and nothing worse")
            self.signer.forget()
            self.start_signer("signer-again", self.signer.port)
