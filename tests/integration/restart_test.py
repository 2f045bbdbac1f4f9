"""tecs-milter is stopped, restarted and reloaded in the middle of traffic."""

import signal
import smtplib

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.traffic import Traffic
from tecs_testing.waiting import wait_until


class Restart(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(
            cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
            # How long master(8) rests after an smtpd that found no SASL server. The default of a minute is a long test.
            {"service_throttle_time": "1s"},
        ).start()
        cls.sender = Sender(cls.workspace, [Route("somebody@signed.example", f"[{RECEIVER.ipv4}]:25")],
                            settings={"minimal_backoff_time": "2s", "queue_run_delay": "2s"}).start()

    def signed_connection(self) -> str:
        """The result of a new signed connection."""
        try:
            with SmtpClient(RECEIVER.ipv4, 25) as client:
                source = client.source
                if client.authenticate(client.credential(self.domain)) != 235:
                    return ""
        except (OSError, smtplib.SMTPException, AssertionError):
            return ""
        return self.receiver.verdict_of(source)["result"]

    def test_terminated_in_the_middle_of_traffic(self) -> None:
        traffic = Traffic(self.domain)
        self.addCleanup(traffic.stop)
        wait_until("traffic", lambda: len(traffic.completed) >= 40, 60)

        completed = list(traffic.completed)
        self.milter.stop()

        written = [each["client"] for each in self.milter.verdicts.all()]
        self.assertEqual([each for each in completed if each not in written], [], "verdicts that were lost")
        self.assertEqual(len(set(written)), len(written), "verdicts written twice")

        self.milter.start()
        before = len(traffic.completed)
        wait_until("traffic after the restart", lambda: len(traffic.completed) >= before + 20, 60)
        traffic.stop()
        self.assertEqual(self.signed_connection(), "pass")
        for source in traffic.completed[-20:]:
            self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def test_mail_that_came_while_it_was_down_arrives(self) -> None:
        self.milter.stop()
        self.sender.send("somebody@signed.example", "somebody@receiver.example", subject="while it was down")
        self.milter.start()
        self.receiver.mailbox.wait_for("while it was down", self.receiver.explain, seconds=60)

    def test_a_connection_outlives_it(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
            self.milter.stop()
            client.deliver("somebody@receiver.example", "outlives it")
        self.milter.start()
        self.receiver.arrived("outlives it")
        wait_until("pass after the restart", lambda: self.signed_connection() == "pass", 60)

    def test_hangup_does_not_end_it(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            self.milter.signal(signal.SIGHUP)
            self.assertEqual(self.signed_connection(), "pass")
            self.milter.signal(signal.SIGHUP)
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")
        self.assertTrue(self.milter.running())
