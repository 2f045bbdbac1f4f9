"""Clients break off at every step of SMTP, in every way, and honest ones beside them do not notice."""

import itertools
import os
import threading
import time

from tecs_testing.broken_client import STEPS, WAYS, BrokenClient
from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

BOUND = 15.0  # seconds that an honest conversation may take, however slow the build of the daemon is
# What comes and goes with the library's own workings.
SPARE_DESCRIPTORS, SPARE_THREADS = 4, 2


PORTS = itertools.count(12_000)  # each once: the same signature again would be a replay
NONE, PASS = ("none", ""), ("pass", "")


def verdicts_at(step: str, way: str) -> list[tuple[str, str]]:
    """Result and reason of a client that breaks off there: what it had said before counts, whether it heard the reply or not."""
    if step not in ("AUTH", "334"):
        return [NONE if step in ("connect", "EHLO", "STARTTLS") else PASS]
    return {
        "vanish": [PASS],
        "stall": [PASS],
        "reset": [PASS, NONE],  # the kernel throws away what smtpd has not read yet
        "junk": [NONE],  # no AUTH; at 334, nothing that Postfix hands on
        # Postfix cuts an AUTH line short, and does not hand on a response that is too long.
        "too_much": [("permerror", "bad-base64") if step == "AUTH" else NONE],
    }[way]


class HonestClient:
    """Signs and delivers, again and again, from the constructor on."""

    def __init__(self, domain):
        self.subjects: list[str] = []  # of messages that the server took
        self.longest = 0.0  # seconds from connecting to the reply to QUIT
        self.failure: BaseException | None = None
        self._domain = domain
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                begin = time.monotonic()
                self._converse(f"honest {len(self.subjects)}")
                self.longest = max(self.longest, time.monotonic() - begin)
        except BaseException as failure:  # pylint: disable=broad-except  # said by the test
            self.failure = failure

    def _converse(self, subject: str) -> None:
        client = SmtpClient(RECEIVER.ipv4, 25)
        code = client.authenticate(client.credential(self._domain))
        if code != 235:
            raise AssertionError(f"AUTH: {code}")
        client.deliver("somebody@receiver.example", subject)
        self.subjects.append(subject)
        client.quit()


@one_test_each(STEPS, lambda step: f"clients_break_at_{step.lower()}")
class ClientFaults(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.honest = make_domain(cls.workspace, "honest.example", algorithm="ed25519-sha256")
        cls.broken = make_domain(cls.workspace, "broken.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in (cls.honest, cls.broken)})
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(
            cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
            # An smtpd that has nothing to do goes, and its connection to the SASL door with it.
            {"max_idle": "1s", **make_certificate(cls.workspace, "mx.receiver.example").settings()}).start()
        cls.pid = cls.milter.pid
        cls.at_rest = cls.resources()

    @classmethod
    def resources(cls) -> tuple[int, int]:
        return len(os.listdir(f"/proc/{cls.pid}/fd")), len(os.listdir(f"/proc/{cls.pid}/task"))

    @classmethod
    def is_at_rest(cls) -> bool:
        descriptors, threads = cls.resources()
        return descriptors <= cls.at_rest[0] + SPARE_DESCRIPTORS and threads <= cls.at_rest[1] + SPARE_THREADS

    def check(self, step: str) -> None:
        # A port comes again after some hundred connections: what counts is what was written since.
        before = {each["id"] for each in self.milter.verdicts.all()}
        honest = HonestClient(self.honest)
        try:
            wait_until("honest mail", lambda: honest.subjects or honest.failure)
            clients = [BrokenClient(step, way, self.broken.sign, ("", next(PORTS))) for way in WAYS]
            during = len(honest.subjects)
            wait_until("honest mail while clients stall", lambda: len(honest.subjects) > during + 1 or honest.failure, 60)
        finally:
            honest.stop()
        for client in clients:
            client.close()
            self.assertTrue(client.broken, f"{client.name}: it did not come to that step")
        self.assert_honest_mail_was_served(honest)
        self.assert_one_verdict_each(clients, before)
        self.assertTrue(self.milter.running() and self.milter.pid == self.pid, "another tecs-milter")
        wait_until(f"rest at {self.at_rest} descriptors and threads", self.is_at_rest, 60)

    def assert_honest_mail_was_served(self, honest: HonestClient) -> None:
        self.assertIsNone(honest.failure)
        self.assertLess(honest.longest, BOUND)
        for subject in honest.subjects:
            self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], "tecs=pass .* smtp.auth=honest.example$")
        arrived = [each["Subject"] for each in self.receiver.mailbox.messages()]
        self.assertEqual(sorted(each for each in arrived if each.startswith("honest")), sorted(honest.subjects))
        self.receiver.mailbox.empty()

    def assert_one_verdict_each(self, clients: list[BrokenClient], before: set[str]) -> None:
        for client in clients:
            with self.subTest(client.name):
                verdict = self.receiver.verdict_of(client.source)
                self.assertIn((verdict["result"], verdict.get("reason", "")), verdicts_at(client.step, client.way))
                self.assertEqual(verdict["domain"], "broken.example" if verdict["result"] == "pass" else "")
        sources = [each["client"] for each in self.milter.verdicts.all() if each["id"] not in before]
        for client in clients:
            self.assertEqual(sources.count(client.source), 1, client.name)
