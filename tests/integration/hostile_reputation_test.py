"""A resolver, or somebody who answers in its place, lies about the reputation of domains or says nothing: no signature waits
for longer than it may, nobody is better or worse off by a lie, and with the truth it goes on by itself."""

import struct
import time

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.lying_resolver import SERVFAIL, TRUNCATED, Answers, LyingResolver, Question, name_octets, txt
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

ZONE = "list.example.net"
REPUTATION_TIMEOUT = 1.0  # seconds
SPARE = 8.0  # seconds on top, for a slow build of tecs-milter


def forged(question: Question) -> list[bytes]:
    return [txt(question.name, "good")]


OTHER = name_octets(f"other.example.{ZONE}") + struct.pack("!HH", 16, 1)
# What is answered by UDP and by TCP, by the first label of the domain that is asked about.
LIES: dict[str, tuple[Answers, Answers | None]] = {
    "silence": (lambda q: [], None),
    "server-failure": (lambda q: [q.reply(forged(q), flags=SERVFAIL)], None),
    "another-id": (lambda q: [q.reply(forged(q), identifier=q.identifier ^ 0x5555)], None),
    "another-question": (lambda q: [q.reply(forged(q), octets=OTHER)], None),
    "another-name": (lambda q: [q.reply([txt(f"other.example.{ZONE}", "good")])], None),
    "cut-short": (lambda q: [q.reply(forged(q))[:-3]], None),
    "no-such-word": (lambda q: [q.reply([txt(q.name, "excellent")])], None),
    "contradiction": (lambda q: [q.reply([*forged(q), txt(q.name, "bad")])], None),
    "truncated-and-slow": (lambda q: [q.reply([], flags=TRUNCATED)], lambda q: [q.reply(forged(q))]),
}


@one_test_each(sorted(LIES), lambda name: name.replace("-", "_"))
class HostileReputation(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "key.example", algorithm="ed25519-sha256")
        key = "".join(cls.domain.record.split('"')[1::2])
        cls.resolver = LyingResolver(cls.workspace)
        cls.resolver.answers[f"test.{ZONE}"] = lambda q: [q.reply([txt(q.name, "bad")])]
        cls.resolver.answers[f"invalid.{ZONE}"] = lambda q: [q.reply([])]
        for name, (answers, over_tcp) in LIES.items():
            cls.resolver.answers[f"{name}.example"] = lambda q: [q.reply([txt(q.name, key)])]
            cls.resolver.answers[f"{name}.example.{ZONE}"] = answers
            # Between two lies, as a list that failed five times in a row is not asked for a while.
            cls.resolver.answers[f"honest-{name}.example"] = cls.resolver.answers[f"{name}.example"]
            cls.resolver.answers[f"honest-{name}.example.{ZONE}"] = lambda q: [q.reply([txt(q.name, "medium")])]
            if over_tcp:
                cls.resolver.over_tcp[f"{name}.example.{ZONE}"] = over_tcp
                cls.resolver.drip.add(f"{name}.example.{ZONE}")
        cls.milter = TecsMilter(cls.workspace, cls.resolver.endpoint, "--reputation", f"dns:{ZONE}",
                                "--reputation-timeout", f"{REPUTATION_TIMEOUT:g}s")
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.amid_lies: dict[str, tuple[float, dict]] = {}
        cls.honest: dict[str, tuple[float, dict]] = {}
        for name in LIES:
            cls.amid_lies[name] = cls.signed(name)
            cls.honest[name] = cls.signed(f"honest-{name}")
        for name in LIES:
            cls.resolver.answers[f"{name}.example.{ZONE}"] = lambda q: [q.reply([txt(q.name, "medium")])]
        cls.resolver.over_tcp.clear()

    @classmethod
    def signed(cls, name: str) -> tuple[float, dict]:
        """The seconds until the reply to AUTH, and the verdict."""
        domain = SigningDomain(f"{name}.example", None, cls.domain.key, "")
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            credential = client.credential(domain)
            begin = time.monotonic()
            client.authenticate(credential)
            seconds = time.monotonic() - begin
            source = client.source
        return seconds, cls.receiver.verdict_of(source)

    def check(self, name: str) -> None:
        seconds, verdict = self.amid_lies[name]
        self.assertEqual([verdict[field] for field in ("result", "reputation", "reputation_source")],
                         ["pass", "unknown", ""], self.milter.log_tail())
        self.assertLess(seconds, REPUTATION_TIMEOUT + SPARE)
        self.assertEqual(self.honest[name][1]["reputation"], "medium", self.milter.log_tail())
        if name == "another-name":
            return  # it was said to be in no list, which is kept for a minute
        wait_until("reputation with the truth", lambda: self.signed(name)[1]["reputation"] == "medium", 60)
