"""Much mail through the signer: every message arrives once and unchanged, whatever ends in the middle of it. Only the MTA's
queue holds mail.

A sample that takes seconds; TECS_FULL=1 sends 10,000 messages of 5 KB and 100 of 10 MB in each of the tests.
"""

import os
import pathlib
import random
import signal
from collections import Counter
from typing import Callable

from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.cutting_relay import CuttingRelay
from tecs_testing.daemons import signer_user
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS
from tecs_testing.ports import free_port, written
from tecs_testing.volume import LARGE, SMALL, Outcome, VolumeTestCase, counts, numbered
from tecs_testing.waiting import wait_until

SEED = int(os.environ.get("TECS_SEED", "4"))


class Undisturbed(VolumeTestCase):
    """Every connection is also signed, that of smtp-source too, which says HELO."""

    def setUp(self) -> None:
        self.known = {each["id"] for each in self.receiver.milter.verdicts.all()}
        # A port that the signer of the test before has used may come again, which this one does not know: that would be a
        # replay of the same domain's signature.
        name = f"{self._testMethodName.removeprefix('test_').replace('_', '-')}.example"
        self.domain = make_domain(self.workspace, name, owner=signer_user())
        self.name_server.publish(name, self.domain.record)

    def assert_all_signed(self, messages: int, parties: int = 1) -> None:
        """Each party having sent as many."""
        def told() -> list[dict]:
            new = [each for each in self.receiver.milter.verdicts.all() if each["id"] not in self.known]
            return new if sum(each["messages"] for each in new) == messages else []

        signed: Counter[tuple[str, str]] = Counter()
        reasons: Counter[str] = Counter()
        for verdict in wait_until("verdicts", told):
            signed[verdict["result"], verdict["domain"]] += verdict["messages"]
            reasons[verdict["reason"]] += verdict["messages"]
        self.assertEqual({result for (result, _), count in signed.items() if count}, {"pass"}, reasons)
        self.assertEqual([count for count in signed.values() if count], [messages // parties] * parties)

    def test_smtp_source_with_tls(self) -> None:
        signer = self.signer(written(RECEIVER_WITH_TLS.ipv4, 25), tls="may")
        small, large = counts(300, 3)
        self.assert_each_once(self.through_smtp_source(signer.port, small, SMALL, 10))
        self.assert_each_once(self.through_smtp_source(signer.port, large, LARGE, 4))
        self.assert_all_signed(small + large)

    def test_postfix_with_tls(self) -> None:
        signer = self.signer(written(RECEIVER_WITH_TLS.ipv4, 25), tls="may")
        messages = numbered(*counts(300, 3))
        self.assert_each_once(self.through_postfix(self.sender(signer.port), messages))
        self.assert_all_signed(len(messages))

    def test_postfix_without_tls(self) -> None:
        signer = self.signer(written(RECEIVER.ipv4, 25), tls="none")
        messages = numbered(*counts(300, 3))
        self.assert_each_once(self.through_postfix(self.sender(signer.port), messages))
        self.assert_all_signed(len(messages))

    def test_postfix_as_several_parties_with_tls(self) -> None:
        """It uses its connections for all of them; the signer watches for the turns, and through gigabytes of text."""
        domains = [self.domain, *(make_domain(self.workspace, f"{name}.example", owner=signer_user()) for name in "ab")]
        self.name_server.publish_all({each.name: each.record for each in domains})
        identities = self.workspace.file("identities", "".join(
            f"sender:{each.name} {each.name} - {each.key}\n" for each in domains))
        signer = ConfiguredSigner(self.workspace, "signer-parties", {
            "upstream": written(RECEIVER_WITH_TLS.ipv4, 25), "identities": str(identities)})
        parties = [f"somebody@{each.name}" for each in domains]
        sender = self.sender(signer.port, parties)
        small, large = counts(300, 3)
        messages = numbered(small, large)[:(small + large) // 3 * 3]
        self.assert_each_once(self.through_postfix(sender, messages, parties=parties))
        self.assert_all_signed(len(messages), len(parties))
        self.assertTrue(sender.postfix.log_lines("conn_use="))


class Disturbed(VolumeTestCase):
    """Each experiment also without a signer, to see what SMTP and the MTAs do by themselves."""

    def cut(self, way_to_relay: Callable[[int], int], largest: int, *, sparing: bool) -> Outcome:
        relay = CuttingRelay(self.workspace, (RECEIVER.ipv4, 25), SEED, largest=largest, sparing=sparing)
        sender = self.sender(way_to_relay(relay.port))
        messages = numbered(*counts(200, 2))

        def let_large_ones_through(arrived: int) -> None:
            # Else a message whose every connection breaks would be tried for ever.
            relay.share = 0.5 if arrived < len(messages) * 9 // 10 else 0.0

        outcome = self.through_postfix(sender, messages, let_large_ones_through)
        print(f"    {relay.cut} of {relay.connections} connections were cut", flush=True)
        self.assertGreaterEqual(relay.cut, 3)
        self.assert_nothing_lost_or_changed(outcome)
        return outcome

    def through_signer(self, port: int) -> int:
        return self.signer(written("127.0.0.1", port), tls="none").port

    def test_connections_cut_where_none_may_double(self) -> None:
        outcome = self.cut(self.through_signer, 2 * SMALL, sparing=True)
        self.assertEqual(outcome.doubled, [])

    def test_connections_cut_where_none_may_double_without_signer(self) -> None:
        outcome = self.cut(lambda port: port, 2 * SMALL, sparing=True)
        self.assertEqual(outcome.doubled, [])

    def test_connections_cut_within_large_messages(self) -> None:
        outcome = self.cut(self.through_signer, LARGE, sparing=True)
        self.assertEqual(outcome.doubled, [])

    def test_connections_cut_anywhere(self) -> None:
        outcome = self.cut(self.through_signer, 2 * SMALL, sparing=False)
        self.assertLessEqual(set(outcome.doubled), outcome.may_double)

    def test_connections_cut_anywhere_without_signer(self) -> None:
        outcome = self.cut(lambda port: port, 2 * SMALL, sparing=False)
        self.assertLessEqual(set(outcome.doubled), outcome.may_double)


class Killed(VolumeTestCase):
    def kill_now_and_then(self, port: int, kill: Callable[[random.Random], object]) -> None:
        """kill: is called again and again while mail flows. What the sender was told by SMTP holds."""
        sender = self.sender(port)
        messages = numbered(*counts(300, 3))
        chance = random.Random(SEED)
        due = [chance.randrange(1, 10)]

        def disturb(arrived: int) -> None:
            if arrived >= due[0] and self.killed < max(10, len(messages) // 100):
                kill(chance)
                due[0] = arrived + chance.randrange(1, 8 + len(messages) // 200)

        outcome = self.through_postfix(sender, messages, disturb)
        self.assert_nothing_lost_or_changed(outcome)
        self.assertLessEqual(set(outcome.doubled), outcome.may_double)

    def kill_a_server(self, chance: random.Random) -> None:
        """One of the receiver's smtpd(8)."""
        servers = [entry for entry in pathlib.Path("/proc").glob("[0-9]*")
                   if _command_of(entry) == "smtpd" and self.is_receivers(entry)]
        if servers:
            self.killed += 1
            os.kill(int(chance.choice(servers).name), signal.SIGKILL)

    def is_receivers(self, entry: pathlib.Path) -> bool:
        return str(self.receiver.postfix.configuration) in _environment_of(entry)

    def setUp(self) -> None:
        self.killed = 0

    def tearDown(self) -> None:
        print(f"    {self.killed} killed", flush=True)
        self.assertGreaterEqual(self.killed, 3)

    def test_the_server(self) -> None:
        signer = self.signer(written(RECEIVER_WITH_TLS.ipv4, 25), tls="may")
        self.kill_now_and_then(signer.port, self.kill_a_server)

    def test_the_server_without_signer(self) -> None:
        relay = CuttingRelay(self.workspace, (RECEIVER.ipv4, 25), SEED, share=0)
        self.kill_now_and_then(relay.port, self.kill_a_server)

    def test_the_signer(self) -> None:
        port = free_port()
        upstream = written(RECEIVER_WITH_TLS.ipv4, 25)
        running = [self.signer(upstream, f"signer-{self.killed}", f"127.0.0.1:{port}")]

        def kill(_chance: random.Random) -> None:
            running.pop().kill()
            self.killed += 1
            running.append(self.signer(upstream, f"signer-{self.killed}", f"127.0.0.1:{port}"))

        self.kill_now_and_then(port, kill)


def _command_of(entry: pathlib.Path) -> str:
    try:
        return (entry / "comm").read_text().strip()
    except OSError:
        return ""  # it has ended


def _environment_of(entry: pathlib.Path) -> str:
    try:
        return (entry / "environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
