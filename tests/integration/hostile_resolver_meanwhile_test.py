"""A resolver lies to some, stalls others and floods a third: nobody passes by it, and honest clients do at the same time."""

import contextlib
import struct
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.lying_resolver import AUTHENTIC, TRUNCATED, TXT, LyingResolver, Question, txt
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, add_addresses
from tecs_testing.ports import written
from tecs_testing.sasl_client import SaslClient
from tecs_testing.waiting import wait_until

SERVER, CLIENT, ATTACKER = "192.0.2.25", "198.51.100.7", "203.0.113.66"
DNS_TIMEOUT = "4s"  # so that whoever is stalled is stalled for longer than an honest client waits in the slowest build
STALLED = 20  # of each kind
LARGEST_MESSAGE = 65535
JUNK = b"o=~; r=a"  # an old policy record, which is skipped


def text_of(domain: SigningDomain) -> str:
    """The key record's own text, out of the master-file line."""
    return "".join(domain.record.split('"')[1::2])


def named_as_asked(text: bytes) -> bytes:
    """A TXT record whose name is that of the question, in two octets (RFC 1035 section 4.1.4)."""
    return b"\xc0\x0c" + struct.pack("!HHIHB", TXT, 1, 60, len(text) + 1, len(text)) + text


def filled(question: Question, key: str, text: bytes) -> bytes:
    """The key, and then as many records with this text as one message can have."""
    room = LARGEST_MESSAGE - len(question.reply([txt(question.name, key)]))
    return question.reply([txt(question.name, key)] + [named_as_asked(text)] * (room // len(named_as_asked(text))))


class HostileResolverTestCase(WorkspaceTestCase):
    """Strangers sign with a key of their own, which only a lie could make that of the domain that they name."""

    resolver: LyingResolver
    milter: TecsMilter

    @classmethod
    def set_up(cls) -> None:
        cls.stranger = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        cls.last_port = 2000

    def authenticate(self, domain: str, key: SigningDomain, client: str = ATTACKER) -> str:
        """What the door says to a new connection."""
        type(self).last_port += 1
        port = self.last_port
        signed = SigningDomain(domain, None, key.key, "").sign(written(SERVER, 25), written(client, port))
        with SaslClient(self.milter.sasl_socket, timeout=60) as door:
            return door.request(client, port, SERVER, 25, signed)


class Stalled(HostileResolverTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.known = make_domain(cls.workspace, "known.example", algorithm="ed25519-sha256")
        cls.new = make_domain(cls.workspace, "new.example", algorithm="ed25519-sha256")
        cls.resolver = LyingResolver(cls.workspace)
        cls.asked = threading.Semaphore(0)  # for each question that is stalled
        for domain in (cls.known, cls.new):
            cls.resolver.answers[domain.name] = lambda q, key=domain: [q.reply([txt(q.name, text_of(key))])]
        for number in range(STALLED):
            silent, slow = f"silent{number}.example", f"slow{number}.example"
            cls.resolver.answers[silent] = cls.stall
            cls.resolver.answers[slow] = lambda q: [q.reply([], flags=TRUNCATED)]
            cls.resolver.over_tcp[slow] = lambda q: [*cls.stall(q), q.reply([txt(q.name, text_of(cls.stranger))])]
            cls.resolver.drip.add(slow)
        cls.milter = TecsMilter(cls.workspace, cls.resolver.endpoint, "--dns-timeout", DNS_TIMEOUT).start()

    @classmethod
    def stall(cls, _question: Question) -> list[bytes]:
        cls.asked.release()
        return []

    def test_honest_clients_are_served_while_twice_twenty_others_are_stalled(self) -> None:
        self.assertEqual(self.authenticate(self.known.name, self.known, CLIENT), f"OK user=tecs:{self.known.name}")
        names = [f"{kind}{number}.example" for number in range(STALLED) for kind in ("silent", "slow")]
        # Each from a network of its own: a network may have many look-ups under way, but not all.
        with ThreadPoolExecutor(len(names)) as threads:
            stalled = [threads.submit(self.authenticate, name, self.stranger, f"203.0.{number}.66")
                       for number, name in enumerate(names)]
            for _ in names:
                self.assertTrue(self.asked.acquire(timeout=60), "the attack did not begin")
            for domain in (self.known, self.new):
                self.assertEqual(self.authenticate(domain.name, domain, CLIENT), f"OK user=tecs:{domain.name}")
            self.assertFalse(any(each.done() for each in stalled), "the attack was over before honest clients were served")
            answers = [each.result(60) for each in stalled]
        self.assertEqual(set(answers), {""}, "only to close without a word is temperror")
        reasons = wait_until("all verdicts", lambda: len(found := self.reasons()) == len(names) and found)
        self.assertEqual(set(reasons), {("temperror", "dns-timeout")})

    def reasons(self) -> list[tuple[str, str]]:
        return [(each["result"], each["reason"]) for each in self.milter.verdicts.all() if each["result"] != "pass"]


class Flooded(HostileResolverTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        key = text_of(cls.stranger)
        cls.resolver = LyingResolver(cls.workspace)
        for domain, text in (("junk.example", JUNK), ("keys.example", b"p="), ("pieces.example", b"")):
            cls.resolver.answers[domain] = lambda q: [q.reply([], flags=TRUNCATED)]
            cls.resolver.over_tcp[domain] = lambda q, text=text: [filled(q, key, text)]
        cls.resolver.answers["little.example"] = lambda q: [q.reply([txt(q.name, key)] + [named_as_asked(JUNK)] * 20)]
        cls.milter = TecsMilter(cls.workspace, cls.resolver.endpoint).start()

    def test_a_key_among_little_junk_is_found(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        self.assertEqual(self.authenticate("little.example", self.stranger), "OK user=tecs:little.example")

    def test_a_key_among_thousands_of_records_is_not_looked_for(self) -> None:
        self.assertRegex(self.authenticate("junk.example", self.stranger), "^FAIL reason=key-too-large: ")

    def test_of_thousands_of_keys_none_is_chosen(self) -> None:
        self.assertRegex(self.authenticate("keys.example", self.stranger), "^FAIL reason=several-keys: ")

    def test_thousands_of_empty_records_hide_no_key_and_hold_up_nobody(self) -> None:
        """As many records as fit into a message. They hold nothing, so the key is the only one."""
        begin = time.monotonic()
        self.assertEqual(self.authenticate("pieces.example", self.stranger), "OK user=tecs:pieces.example")
        self.assertLess(time.monotonic() - begin, 30)


class ForgedAuthenticData(HostileResolverTestCase):
    """The resolver is on another host and says of whatever it answers that it was validated."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        add_addresses(RECEIVER, RECEIVER_WITH_TLS)
        cls.resolver = LyingResolver(cls.workspace, RECEIVER.ipv4, 53)
        cls.resolver.answers[cls.stranger.name] = lambda q: [q.reply([txt(q.name, text_of(cls.stranger))], AUTHENTIC)]
        configuration = cls.workspace.file("resolv.conf", f"nameserver {RECEIVER.ipv4}\n")
        # In the mount name space of this test alone.
        subprocess.run(["mount", "--bind", configuration, "/etc/resolv.conf"], check=True)
        cls.workspace.at_end(lambda: subprocess.run(["umount", "/etc/resolv.conf"], check=True))

    @contextlib.contextmanager
    def started(self, name: str, resolver: str | None, *options: str):
        type(self).milter = TecsMilter(self.workspace, resolver, *options, name=name).start()
        yield
        self.milter.stop()

    def test_a_domain_is_not_taken_for_validated(self) -> None:
        with self.started("believes-nobody", None, "--require-dnssec", "yes"):
            self.assertRegex(self.authenticate(self.stranger.name, self.stranger), "^FAIL reason=no-dnssec: ")
        verdict = self.milter.verdicts.all()[0]
        self.assertEqual((verdict["result"], verdict["dnssec"]), ("policy", False))

    def test_it_counts_for_nothing_where_validation_is_not_demanded(self) -> None:
        with self.started("demands-nothing", None):
            self.assertRegex(self.authenticate(self.stranger.name, self.stranger), "^OK ")
        verdict = self.milter.verdicts.all()[0]
        self.assertEqual((verdict["result"], verdict["dnssec"]), ("pass", False))

    def test_it_is_believed_of_the_resolver_that_the_administrator_vouches_for(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        with self.started("vouches", self.resolver.endpoint, "--require-dnssec", "yes"):
            self.assertRegex(self.authenticate(self.stranger.name, self.stranger), "^OK ")
        verdict = self.milter.verdicts.all()[0]
        self.assertEqual((verdict["result"], verdict["dnssec"]), ("pass", True))
