"""The clocks of tecs-milter and tecs-signer are set while they run: by 30 seconds, an hour, forward and back. Mail
arrives all the same, nobody passes who should not, sessions that are under way go on, and with the right time all is as
it was."""

import time

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.clock import SteppedClock
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

BOUND = 15.0  # seconds for a message, however slow the build is: no time limit may hang on the time of day
RECIPIENT = "somebody@receiver.example"
HOUR = 3600
# What a signature is worth whose signer's clock is right: one epoch off is allowed for, and no more than one.
STEPS = {"30_seconds_forward": (30, "pass"), "30_seconds_back": (-30, "pass"),
         "an_hour_forward": (HOUR, "fail"), "an_hour_back": (-HOUR, "fail")}


class ClockStepsTestCase(WorkspaceTestCase):
    """A receiver, and a signer in front of it, with clocks that can be set."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.receivers_clock = SteppedClock(cls.workspace, "receiver")
        cls.signers_clock = SteppedClock(cls.workspace, "signer")
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, environment=cls.receivers_clock.environment())
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.signer = ConfiguredSigner(
            cls.workspace, "signer",
            {"upstream": f"{RECEIVER.ipv4}:25", "domain": cls.domain.name, "key": cls.domain.key},
            environment=cls.signers_clock.environment())

    def setUp(self) -> None:
        self.pids = (self.milter.pid, self.signer.pid)
        self.addCleanup(self.receivers_clock.step, 0)
        self.addCleanup(self.signers_clock.step, 0)

    def through_signer(self) -> SmtpClient:
        client = SmtpClient("127.0.0.1", self.signer.port)
        self.addCleanup(client.close)
        return client

    @staticmethod
    def begin_of_an_epoch() -> None:
        """Signing and verifying are not to lie in two epochs, which would be one more than the clocks are apart."""
        wait_until("next epoch", lambda: (time.time() + 15) % 30 < 22)

    def delivered(self, client: SmtpClient, subject: str) -> dict:
        """The verdict."""
        begin = time.monotonic()
        client.deliver(RECIPIENT, subject)
        client.quit()
        message = self.receiver.arrived(subject)
        self.assertLess(time.monotonic() - begin, BOUND)
        verdict = self.receiver.verdict_on(message)
        self.assertRegex(tecs_results(message)[0], f"tecs={verdict['result']}")
        return verdict

    def assert_all_is_well(self) -> None:
        verdict = self.delivered(self.through_signer(), f"after {self.id()}")
        self.assertEqual((verdict["result"], verdict["domain"]), ("pass", self.domain.name), verdict["detail"])
        self.assertEqual((self.milter.pid, self.signer.pid), self.pids)
        self.assertTrue(self.milter.running() and self.signer.running())


@one_test_each(STEPS, lambda name: f"of_the_receiver_{name}")
class ReceiversClock(ClockStepsTestCase):
    def check(self, name: str) -> None:
        seconds, expected = STEPS[name]
        self.begin_of_an_epoch()
        under_way = self.through_signer()
        self.receivers_clock.step(seconds)
        self.assertEqual(self.delivered(under_way, f"under way, {name}")["result"], "pass")
        verdict = self.delivered(self.through_signer(), f"off by {name}")
        self.assertEqual(verdict["result"], expected, verdict["detail"])
        self.receivers_clock.step(0)
        self.assert_all_is_well()


@one_test_each(STEPS, lambda name: f"of_the_signer_{name}")
class SignersClock(ClockStepsTestCase):
    def check(self, name: str) -> None:
        seconds, expected = STEPS[name]
        self.begin_of_an_epoch()
        under_way = self.through_signer()
        time.sleep(2)  # it looks at its time limits each second: they have begun with the time before the step,
        self.signers_clock.step(seconds)
        time.sleep(2)  # and none may have run out by it
        self.assertEqual(self.delivered(under_way, f"under way, {name}")["result"], "pass")
        verdict = self.delivered(self.through_signer(), f"off by {name}")
        self.assertEqual(verdict["result"], expected, verdict["detail"])
        self.signers_clock.step(0)
        self.assert_all_is_well()


class UsedSignature(ClockStepsTestCase):
    """It can be used no second time, whatever the receiver's clock shows meanwhile."""

    def sign_at(self, client: SmtpClient, off: int) -> int:
        return client.authenticate(client.credential(self.domain, "--time", int(time.time()) + off))

    def test_stays_used(self) -> None:
        # The hour forward comes last: after it new signatures wait, as those of the skipped hour are forgotten.
        for number, seconds in enumerate(sorted(seconds for seconds, _ in STEPS.values())):
            with self.subTest(seconds=seconds):
                port = 40000 + number
                first = SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4, port)
                credential = first.credential(self.domain)
                self.assertEqual(first.authenticate(credential), 235)
                first.reset()
                for off in (0, seconds, 0):
                    self.receivers_clock.step(off)
                    with SmtpClient(RECEIVER.ipv4, 25) as other:  # which has the memory look at its clock
                        self.assertIn(self.sign_at(other, off), (235, 454) if off == 0 else (235,))
                    again = SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4, port)
                    self.assertIn(again.authenticate(credential), (535, 454), f"{off} s off")
                    again.reset()
