"""tecs-milter is restarted under load while somebody else, on a real machine systemd, holds the SASL door's socket."""

import threading

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sasl_client import SaslClient
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.traffic import Traffic
from tecs_testing.waiting import wait_until


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
        traffic = Traffic(self.domain)
        self.addCleanup(traffic.stop)
        for _ in range(3):
            before = len(traffic.completed)
            wait_until("traffic", lambda: len(traffic.completed) >= before + 20, 60)
            self.milter.stop()
            self.milter.start()
        before = len(traffic.completed)
        wait_until("traffic after the last restart", lambda: len(traffic.completed) >= before + 20, 60)
        traffic.stop()
        self.assertEqual(traffic.refused, [], self.receiver.explain())
        # The first AUTH of each smtpd process after a restart may be answered with 454; the others are verified.
        passed = [each for each in self.milter.verdicts.all() if each["result"] == "pass"]
        self.assertGreaterEqual(len(passed), 20)

    def test_a_handshake_that_was_begun_is_not_broken_off(self) -> None:
        """An smtpd that meets that dies, and its client is refused."""
        idle = SaslClient(self.milter.sasl_socket)
        stopping = threading.Thread(target=self.milter.stop)

        def stop() -> None:
            stopping.start()
            self.assertEqual(idle.line(), "", "the stop has begun")

        try:
            SaslClient(self.milter.sasl_socket, amid_handshake=stop).close()
        finally:
            stopping.join()
            idle.close()
            self.milter.start()

    def test_a_connection_that_came_while_it_was_away_waits(self) -> None:
        self.milter.stop()
        greeting: list[int] = []
        waiting = threading.Thread(target=lambda: greeting.append(SmtpClient(RECEIVER.ipv4, 25).quit()[0]))
        waiting.start()
        waiting.join(0.2)
        self.milter.start()
        waiting.join(30)
        self.assertEqual(greeting, [221])
