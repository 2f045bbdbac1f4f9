"""tecs-milter runs out of descriptors, threads or memory: no mail is lost, and once there is room again all is as it
was. Without descriptors or threads, who is served already stays served, and it is the same process afterwards."""

import contextlib
import signal
import smtplib
import socket
import time
from typing import Iterator

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, milter_user
from tecs_testing.limits import address_space_of, descriptors_of, is_quiet, limited
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

BOUND = 15.0  # seconds that a session which is under way may take for a message, however slow the build is
RECIPIENT = "somebody@receiver.example"
QUARTER_MEGABYTE = 256 * 1024


class MilterLimits(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
                                {"service_throttle_time": "1s", "max_idle": "1s"}).start()
        cls.sender = Sender(cls.workspace, [Route("somebody@sender.example", f"[{RECEIVER.ipv4}]:25")],
                            settings={"minimal_backoff_time": "1s", "maximal_backoff_time": "1s",
                                      "queue_run_delay": "1s"}).start()

    def setUp(self) -> None:
        self.pid = self.milter.pid

    def limited(self, name: str, limit: int) -> contextlib.AbstractContextManager[None]:
        return limited(self.pid, milter_user(), name, limit)

    def signed(self) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, 25)
        self.addCleanup(client.close)
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        return client

    def assert_is_served(self, client: SmtpClient, subject: str) -> None:
        source = client.source
        begin = time.monotonic()
        client.deliver(RECIPIENT, subject)
        self.assertEqual(client.quit()[0], 221)
        self.assertLess(time.monotonic() - begin, BOUND)
        self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], "tecs=pass .* smtp.auth=signed.example$")
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def is_signed(self, connections: contextlib.ExitStack) -> bool:
        """A new one of them."""
        with contextlib.suppress(OSError, smtplib.SMTPException, AssertionError):
            client = connections.enter_context(SmtpClient(RECEIVER.ipv4, 25))
            return client.authenticate(client.credential(self.domain)) == 235
        return False

    def assert_all_is_well(self) -> None:
        """By itself, and in the process that it was."""
        def is_signed() -> bool:
            with contextlib.ExitStack() as connection:
                return self.is_signed(connection)

        wait_until("signature that is believed again", is_signed, 60)
        self.assert_is_served(self.signed(), f"after {self._testMethodName}")
        self.assertTrue(self.milter.running() and self.milter.pid == self.pid, self.milter.log_tail())

    def assert_arrives_in_the_end(self, subject: str) -> None:
        """The MTA has kept what it could not send, and sends it now."""
        def pushed() -> bool:
            self.sender.postfix.flush()
            return self.receiver.mailbox.find(subject) is not None

        wait_until(f"mail with subject {subject!r}", pushed, 60)
        wait_until("empty queue", lambda: not self.sender.postfix.queued())
        self.assertEqual([each["Subject"] for each in self.receiver.mailbox.messages()].count(subject), 1)

    @contextlib.contextmanager
    def crowd_at(self, door: str) -> Iterator[None]:
        """More connections to that door than there are descriptors left for; those of Postfix are not among them."""
        limit = descriptors_of(self.pid) + 8
        with self.limited("nofile", limit), contextlib.ExitStack() as crowd:
            for _ in range(30):
                one = crowd.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                one.connect(door.removeprefix("unix:"))
            wait_until("end of the descriptors", lambda: descriptors_of(self.pid) >= limit)
            yield

    def test_out_of_descriptors_at_the_sasl_door(self) -> None:
        under_way = self.signed()
        with self.crowd_at(self.milter.sasl_socket):
            wait_until("complaint", lambda: "Too many open files" in self.milter.log_tail(1000))
            self.assertTrue(is_quiet(self.pid), "it asks again and again for what it cannot have")
            self.sender.send("somebody@sender.example", RECIPIENT, "out of descriptors")
            self.assert_is_served(under_way, "under way when the SASL door ran out")
        self.assert_all_is_well()
        self.assert_arrives_in_the_end("out of descriptors")

    def test_out_of_descriptors_at_the_milter_door(self) -> None:
        """libmilter asks again and again until it has one, and takes a processor for that; but it goes on."""
        under_way = self.signed()
        with self.crowd_at(self.milter.milter_socket):
            self.assert_is_served(under_way, "under way when the milter door ran out")
        self.assert_all_is_well()

    def test_out_of_threads(self) -> None:
        under_way = self.signed()
        with self.limited("nproc", 1):
            for _ in range(5):
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
                    one.settimeout(20)
                    one.connect(self.milter.sasl_socket.removeprefix("unix:"))
                    self.assertEqual(one.recv(1), b"", "somebody serves it, so that there was a thread")
            self.assert_is_served(under_way, "under way when threads ran out")
        self.assert_all_is_well()

    def test_out_of_memory(self) -> None:
        under_way = self.signed()
        with self.limited("as", address_space_of(self.pid) + QUARTER_MEGABYTE):
            self.sender.send("somebody@sender.example", RECIPIENT, "out of memory")
            crowd = contextlib.ExitStack()
            believed = [self.is_signed(crowd) for _ in range(12)].count(True)
            self.assertLess(believed, 12, "the memory was enough for all of them")
            under_way.deliver(RECIPIENT, "under way when memory ran out")
            self.receiver.arrived("under way when memory ran out")
            crowd.close()
        wait_until("signature that is believed again", self.is_signed_after_a_new_start_if_it_ended, 60)
        print("\n    it went on" if self.milter.pid == self.pid else "\n    it ended and was started again", flush=True)
        self.pid = self.milter.pid
        self.assert_all_is_well()
        self.assert_arrives_in_the_end("out of memory")

    def is_signed_after_a_new_start_if_it_ended(self) -> bool:
        """By a shortage where nobody could go on without; systemd does the same."""
        if not self.milter.running():
            self.assertEqual(self.milter.ended_with(), -signal.SIGABRT, "std::terminate, and nothing worse")
            self.milter.kill()
            self.milter.start()
        with contextlib.ExitStack() as connection:
            return self.is_signed(connection)
