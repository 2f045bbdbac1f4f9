"""Much mail through a signer, counted and compared to the octet."""

import os
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, Sequence

from .cases import WorkspaceTestCase
from .certificate import make_certificate
from .commands import make_domain
from .daemons import TecsMilter, TecsSigner, signer_user
from .deliveries import Deliveries
from .name_server import NameServer
from .network import RECEIVER, RECEIVER_WITH_TLS, add_addresses
from .numbered_messages import NUMBER_FIELD, NumberedMessage, Submission
from .postfix import SmtpService
from .receiver import DOMAIN, Receiver
from .sender import Route, Sender
from .waiting import DeadlinePassed

# TECS_FULL=1: as many as an evening of a busy relay; else a sample that takes seconds.
FULL = os.environ.get("TECS_FULL", "") not in ("", "0")
SMALL = 5 * 1024
LARGE = 10 * 1024 * 1024
SENDER = "somebody@sender.example"
MAY_DOUBLE = "message may be sent more than once"  # Postfix's own word for a reply to the end of a message that never came

# Room for the large messages; and mail that could not be sent is tried again at once, however often that happens.
_ROOM = {"message_size_limit": "20000000"}
_STUBBORN = {
    "queue_run_delay": "1s",
    "minimal_backoff_time": "1s",
    "maximal_backoff_time": "1s",
    "transport_retry_time": "1s",
    "default_destination_concurrency_failed_cohort_limit": "0",
    "default_destination_concurrency_negative_feedback": "0",
    "smtp_connection_cache_on_demand": "yes",
    "smtp_connection_reuse_count_limit": "20",  # so that there are many connections
}


def counts(small: int, large: int) -> tuple[int, int]:
    return (10_000, 100) if FULL else (small, large)


def numbered(small: int, large: int) -> list[NumberedMessage]:
    """The large ones among the small ones."""
    every = max(1, (small + large) // max(1, large))
    sizes = [LARGE if large and number % every == every - 1 and number // every < large else SMALL
             for number in range(small + large)]
    return [NumberedMessage(number, size) for number, size in enumerate(sizes)]


class KillableSigner(TecsSigner):
    def kill(self) -> None:
        """SIGKILL, and the wait for the end."""
        self._program.kill()


@dataclass
class Outcome:
    messages: int
    lost: int
    doubled: list[str]
    changed: list[str]
    seconds: float
    may_double: set[str]  # recipients whose mail the sender said this of

    def __str__(self) -> str:
        return (f"{self.messages} messages in {self.seconds:.1f} s: {self.lost} lost, {len(self.doubled)} doubled, "
                f"{len(self.changed)} changed; the sender lost {len(self.may_double)} replies to the end of a message")


class VolumeTestCase(WorkspaceTestCase):
    """A receiver with and one without STARTTLS; signers and senders are the test's."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, RECEIVER_WITH_TLS)
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings() | {"smtpd_tls_loglevel": "0"}
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER_WITH_TLS.ipv4, 25, starttls)],
            {**_ROOM, "service_throttle_time": "1s"}).start()

    def signer(self, upstream: str, name: str = "signer", listen: str | None = None, **options) -> KillableSigner:
        return KillableSigner(self.workspace, f"{name}-{self._testMethodName}", self.domain, upstream, listen=listen,
                              **options)

    def sender(self, port: int, parties: Sequence[str] = (SENDER,)) -> Sender:
        sender = Sender(self.workspace, [Route(party, f"[127.0.0.1]:{port}") for party in parties],
                        settings={**_ROOM, **_STUBBORN}, name=f"sender-{self._testMethodName[-40:]}")
        return sender.start()

    def through_postfix(self, sender: Sender, messages: list[NumberedMessage],
                        disturb: Callable[[int], None] = lambda _arrived: None,
                        parties: Sequence[str] = (SENDER,)) -> Outcome:
        """Leaves the messages with the sender and counts until all are there and nobody has any more. disturb is called
        all the time, with how many are there."""
        deliveries = Deliveries(self.receiver.mailbox, expected_of_number)
        began = time.monotonic()
        submission = Submission(sender.port, messages, parties, DOMAIN)
        try:
            empty = 0

            def done() -> bool:
                nonlocal empty
                disturb(deliveries.collect())
                waiting = submission.under_way() or sender.postfix.queued() or self.receiver.postfix.queued()
                # A message that a queue manager moves meanwhile may be overlooked once, but not again and again.
                empty = 0 if waiting else empty + 1
                return empty >= (1 if deliveries.collect() >= len(messages) else 10)
            self._wait(done, deliveries, lambda: sender.postfix.log_tail(15), sender.postfix.flush)
        finally:
            submission.stop()
        deliveries.collect()
        return self._counted({str(each.number) for each in messages}, deliveries, began, may_double(sender))

    def through_smtp_source(self, port: int, count: int, size: int, connections: int) -> Outcome:
        """Postfix's own load generator, at the signer's door. Half of the messages with a connection of their own."""
        text = NumberedMessage(size, size).text()
        file = self.workspace.path / "message"
        file.write_bytes(text.replace(b"\r\n", b"\n"))
        # It adds an empty line of its own.
        deliveries = Deliveries(self.receiver.mailbox, lambda fields: (fields["x-original-to"], text + b"\r\n"))
        began = time.monotonic()
        expected = set()
        for words, share in ((["-d"], count - count // 2), ([], count // 2)):
            way = "kept" if words else "own"
            expected |= {f"{number}{way}@{DOMAIN}" for number in range(1, share + 1)}
            source = subprocess.Popen(
                ["smtp-source", *words, "-s", str(min(connections, share)), "-m", str(share), "-N", "-F", file,
                 "-f", SENDER, "-t", f"{way}@{DOMAIN}", "-M", "out.sender.example", f"inet:127.0.0.1:{port}"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self._wait(lambda: deliveries.collect() >= 0 and source.poll() is not None, deliveries, str)
            self.assertEqual((source.returncode, source.communicate()[0]), (0, ""))
        self._wait(lambda: deliveries.collect() >= 0 and not self.receiver.postfix.queued(), deliveries, str)
        deliveries.collect()
        return self._counted(expected, deliveries, began, set())

    def _wait(self, done: Callable[[], bool], deliveries: Deliveries, explain: Callable[[], str],
              push: Callable[[], object] = lambda: None) -> None:
        """As long as mail arrives. push is called when none does for a second: a queue manager that has put a message off by a
        second may look at it only minutes later."""
        last, seen, pushed = time.monotonic(), -1, 0.0
        while not done():
            if (arrived := deliveries.arrived.total()) != seen:
                last, seen = time.monotonic(), arrived
            elif time.monotonic() > max(last, pushed) + 1:
                pushed = time.monotonic()
                push()
            if time.monotonic() > last + 60:
                raise DeadlinePassed(f"no mail for 60 s, after {seen}\n{explain()}\n{self.receiver.explain()}")
            time.sleep(0.02)

    def _counted(self, expected: set[str], deliveries: Deliveries, began: float, doubtful: set[str]) -> Outcome:
        outcome = Outcome(len(expected), len(expected - set(deliveries.arrived)), deliveries.doubled(), deliveries.changed,
                          time.monotonic() - began, doubtful)
        print(f"\n    {self._testMethodName}: {outcome}", flush=True)
        self.assertEqual(set(deliveries.arrived) - expected, set())
        return outcome

    def assert_nothing_lost_or_changed(self, outcome: Outcome) -> None:
        self.assertEqual((outcome.lost, outcome.changed), (0, []))

    def assert_each_once(self, outcome: Outcome) -> None:
        self.assert_nothing_lost_or_changed(outcome)
        self.assertEqual(outcome.doubled, [])


def expected_of_number(fields: dict[str, str]) -> tuple[str, bytes] | None:
    number, size = fields.get(NUMBER_FIELD.lower(), "x x").split()
    return (number, NumberedMessage(int(number), int(size)).text()) if number.isdigit() else None


def may_double(sender: Sender) -> set[str]:
    """Numbers of the messages whose delivery Postfix saw fail at a moment when SMTP cannot tell (RFC 1047)."""
    lines = sender.postfix.log_lines(MAY_DOUBLE)
    return {line.split("to=<n", 1)[1].split("@", 1)[0] for line in lines if "to=<n" in line}
