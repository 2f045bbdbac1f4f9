"""tecs-milter runs out of descriptors, and out of memory: who is served already stays served, no mail is lost, and once there
is room again all is as it was, in the same process."""

import contextlib
import smtplib
import socket
import time

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, milter_user
from tecs_testing.limits import address_space_of, descriptors_of, limited, processor_seconds_of
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

BOUND = 15.0  # seconds that a session which is under way may take for a message, however slow the build of the daemon is
RECIPIENT = "somebody@receiver.example"
MEGABYTE = 1024 * 1024


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

    def assert_all_is_well(self) -> None:
        """By itself, and in the process that it was."""
        def is_signed() -> bool:
            with contextlib.suppress(OSError, smtplib.SMTPException, AssertionError):
                with SmtpClient(RECEIVER.ipv4, 25) as client:
                    return client.authenticate(client.credential(self.domain)) == 235
            return False

        wait_until("signature that is believed again", is_signed, 60)
        self.assert_is_served(self.signed(), f"after {self._testMethodName}")
        self.assertTrue(self.milter.running() and self.milter.pid == self.pid, self.milter.log_tail())

    def test_out_of_descriptors(self) -> None:
        under_way = self.signed()
        with self.limited("nofile", descriptors_of(self.pid) + 8):
            with contextlib.ExitStack() as crowd:
                for door in (self.milter.sasl_socket, self.milter.milter_socket) * 30:
                    hanger_on = crowd.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                    hanger_on.settimeout(5)
                    with contextlib.suppress(OSError):
                        hanger_on.connect(door.removeprefix("unix:"))
                wait_until("complaint", lambda: "Too many open files" in self.milter.log_tail(1000))
                self.sender.send("somebody@sender.example", RECIPIENT, "out of descriptors")
                busy = processor_seconds_of(self.pid)
                self.assert_is_served(under_way, "under way when descriptors ran out")
                time.sleep(2)  # what is measured is how much it does meanwhile
                self.assertLess(processor_seconds_of(self.pid) - busy, 1, "it spins")
            self.assert_all_is_well()
        self.receiver.mailbox.wait_for("out of descriptors", self.receiver.explain, 60)

    def test_out_of_memory(self) -> None:
        under_way = self.signed()
        with self.limited("as", address_space_of(self.pid) + MEGABYTE // 4):
            self.sender.send("somebody@sender.example", RECIPIENT, "out of memory")
            refused = 0
            crowd = []
            for _ in range(40):
                try:
                    client = SmtpClient(RECEIVER.ipv4, 25)
                    crowd.append(client)
                    refused += client.authenticate(client.credential(self.domain)) != 235
                except (OSError, smtplib.SMTPException, AssertionError):
                    refused += 1
            self.assertGreater(refused, 0, "the memory was enough for all of them")
            self.assert_is_served(under_way, "under way when memory ran out")
            for client in crowd:
                client.close()
        self.assert_all_is_well()
        self.receiver.mailbox.wait_for("out of memory", self.receiver.explain, 60)
