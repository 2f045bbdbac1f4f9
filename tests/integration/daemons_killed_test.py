"""Both daemons end again and again while mail flows, by -9 and by TERM: every message arrives once, every verdict that
was written stays, and who signs afterwards passes. Nobody does anything but start them again, as systemd would."""

import os
import random
import signal
from typing import Callable

from tecs_testing.network import RECEIVER_WITH_TLS
from tecs_testing.ports import free_port, written
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.volume import KillableSigner, VolumeTestCase, numbered

SEED = int(os.environ.get("TECS_SEED", "8"))
MESSAGES = 200
FEWEST, MOST = 1, 3  # ends of one daemon in a test; how many there is time for depends on the machine


class DaemonsKilled(VolumeTestCase):
    def setUp(self) -> None:
        self.ended = 0
        self.chance = random.Random(SEED)
        self.written: dict[str, dict] = {}  # verdicts that stood in the store when a daemon ended

    def end_now_and_then(self, port: int, end: Callable[[], object]) -> None:
        """Calls end() in the middle of the messages, which go through the signer at that port."""
        due = self.chance.randrange(1, 10)

        def disturb(arrived: int) -> None:
            nonlocal due
            if arrived >= due and self.ended < MOST:
                end()
                self.ended += 1
                due = arrived + self.chance.randrange(1, 10)

        outcome = self.through_postfix(self.sender(port), numbered(MESSAGES, 0), disturb)
        self.assertGreaterEqual(self.ended, FEWEST)
        self.assert_nothing_lost_or_changed(outcome)
        self.assertLessEqual(set(outcome.doubled), outcome.may_double)
        self.assert_verdicts_are_kept()
        self.assert_all_is_well(port)

    def assert_verdicts_are_kept(self) -> None:
        there = self.receiver.milter.verdicts.all()
        by_id = {each["id"]: each for each in there}
        self.assertEqual(len(by_id), len(there), "verdicts written twice")
        self.assertEqual({key: by_id.get(key) for key in self.written}, self.written, "verdicts that were written")
        self.assertLessEqual({each["domain"] for each in there if each["result"] == "pass"}, {self.domain.name})

    def assert_all_is_well(self, port: int) -> None:
        """Who comes now is signed, and believed."""
        subject = f"after {self._testMethodName}"
        with SmtpClient("127.0.0.1", port) as client:
            client.deliver("somebody@receiver.example", subject)
        verdict = self.receiver.verdict_on(self.receiver.arrived(subject))
        self.assertEqual((verdict["result"], verdict["domain"]), ("pass", self.domain.name), self.receiver.explain())
        self.receiver.mailbox.empty()  # the next test counts from nothing

    def end_the_milter(self, end: Callable[[], object]) -> None:
        self.written |= {each["id"]: each for each in self.receiver.milter.verdicts.all()}
        end()
        self.receiver.milter.start()

    def stop_the_milter(self) -> None:
        """A moment after a connection has ended, whose verdict still waits to be written with others."""
        with SmtpClient(RECEIVER_WITH_TLS.ipv4, 25) as client:
            source = client.source
        self.receiver.milter.stop()
        self.assertTrue(self.receiver.milter.verdicts.of_client(source), f"no verdict on {source}")

    def test_the_milter_by_minus_9(self) -> None:
        signer = self.signer(written(RECEIVER_WITH_TLS.ipv4, 25))
        self.end_now_and_then(signer.port, lambda: self.end_the_milter(self.receiver.milter.kill))

    def test_the_milter_by_term(self) -> None:
        signer = self.signer(written(RECEIVER_WITH_TLS.ipv4, 25))
        self.end_now_and_then(signer.port, lambda: self.end_the_milter(self.stop_the_milter))

    def end_signers(self, ending: signal.Signals) -> None:
        port = free_port()

        def start():
            return KillableSigner(self.workspace, f"signer-{ending.name}-{self.ended}", self.domain,
                                  written(RECEIVER_WITH_TLS.ipv4, 25), "--drain-time", "2s", listen=f"127.0.0.1:{port}")

        running = [start()]

        def end() -> None:
            signer = running.pop()
            (signer.kill if ending == signal.SIGKILL else signer.stop)()
            running.append(start())

        self.end_now_and_then(port, end)

    def test_the_signer_by_minus_9(self) -> None:
        self.end_signers(signal.SIGKILL)

    def test_the_signer_by_term(self) -> None:
        self.end_signers(signal.SIGTERM)
