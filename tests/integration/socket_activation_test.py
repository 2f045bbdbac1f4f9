"""tecs-milter is restarted under load while somebody else, on a real machine systemd, holds the SASL door's socket."""

import smtplib
import threading
import unittest

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

CLIENTS = 4


class Clients:
    """Connect, try to sign, deliver, and start again. Nobody is ever to be refused: neither a connection nor a message;
    a signature may be answered with 454 while the daemon is away."""

    def __init__(self, domain):
        self.refused: list[str] = []
        self.delivered = 0
        self._domain = domain
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                client = SmtpClient(RECEIVER.ipv4, 25)
                client.authenticate(client.credential(self._domain))
                client.deliver("somebody@receiver.example", "load")
                client.quit()
                with self._lock:
                    self.delivered += 1
            except (OSError, smtplib.SMTPException, AssertionError) as refusal:
                with self._lock:
                    self.refused.append(repr(refusal))


class SocketActivation(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, activated=True)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()

    def test_restarts_under_load_refuse_nobody(self) -> None:
        clients = Clients(self.domain)
        self.addCleanup(clients.stop)
        for _ in range(3):
            before = clients.delivered
            wait_until("traffic", lambda: clients.delivered >= before + 20, 60)
            self.milter.stop()
            self.milter.start()
        before = clients.delivered
        wait_until("traffic after the last restart", lambda: clients.delivered >= before + 20, 60)
        clients.stop()
        self.assertEqual(clients.refused, [], self.receiver.explain())
        passed = [each for each in self.milter.verdicts.all() if each["result"] == "pass"]
        self.assertGreaterEqual(len(passed), 60)

    def test_a_connection_that_came_while_it_was_away_waits(self) -> None:
        self.milter.stop()
        greeting: list[int] = []
        waiting = threading.Thread(target=lambda: greeting.append(SmtpClient(RECEIVER.ipv4, 25).quit()[0]))
        waiting.start()
        waiting.join(0.2)
        self.milter.start()
        waiting.join(30)
        self.assertEqual(greeting, [221])


if __name__ == "__main__":
    unittest.main()
