"""A resolver, or somebody who answers in its place, lies: nobody passes by it, nothing hangs, and nobody else waits."""

import random
import struct
import time

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.lying_resolver import SERVFAIL, TRUNCATED, Answers, LyingResolver, Question, cname, name_octets, txt
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient

DNS_TIMEOUT = 1.0  # seconds
SPARE = 8.0  # seconds on top, for a slow build of tecs-milter
FLOOD = 3000  # records; more octets than one message can have by UDP


def another(identifier: int) -> int:
    return identifier ^ 0x5555


def text_of(domain: SigningDomain) -> str:
    """The key record's own text, out of the master-file line."""
    return "".join(domain.record.split('"')[1::2])


ERROR, TIMEOUT = (454, "temperror", "dns-error"), (454, "temperror", "dns-timeout")


def lies(attackers_key: str) -> dict[str, tuple[Answers, Answers | None, tuple[int, str, str]]]:
    """What is answered by UDP and by TCP, in whose name the attacker signs, and what comes of it: code, result and reason.
    Whatever of this counted, the attacker would pass."""
    def forged(question: Question) -> list[bytes]:
        return [txt(question.name, attackers_key)]

    def flood(question: Question) -> bytes:
        return question.reply([txt(question.name, "p=") for _ in range(FLOOD)] + forged(question))

    other = name_octets("_domainkey.other.example") + struct.pack("!HH", 16, 1)
    return {
        "another-id": (lambda q: [q.reply(forged(q), identifier=another(q.identifier))], None, ERROR),
        "another-question": (lambda q: [q.reply(forged(q), octets=other)], None, ERROR),
        "another-name": (lambda q: [q.reply([txt("_domainkey.other.example", attackers_key)])], None, TIMEOUT),
        "server-failure": (lambda q: [q.reply(forged(q), flags=SERVFAIL)], None, ERROR),
        "no-response": (lambda q: [struct.pack("!H", q.identifier) + b"\0" * 2 + q.reply(forged(q))[4:]], None, ERROR),
        "random-octets": (lambda q: [struct.pack("!H", q.identifier) + random.Random(q.name).randbytes(400)], None, ERROR),
        "cut-short": (lambda q: [q.reply(forged(q))[:-40]], None, ERROR),
        "alias-of-itself": (lambda q: [q.reply([cname(q.name, q.name)])], None, ERROR),
        "aliases-in-a-circle": (lambda q: [q.reply([cname(q.name, "a.example"), cname("a.example", q.name)])], None, ERROR),
        "key-behind-no-alias": (lambda q: [q.reply([cname(q.name, "a.example"), txt("b.example", attackers_key)])], None, TIMEOUT),
        "silence": (lambda q: [], None, TIMEOUT),
        "truncated-and-no-tcp": (lambda q: [q.reply(forged(q), flags=TRUNCATED)], lambda q: [b""], ERROR),
        "truncated-and-slow": (lambda q: [q.reply([], flags=TRUNCATED)], lambda q: [q.reply(forged(q))], TIMEOUT),
        "a-flood-of-records": (lambda q: [q.reply([], flags=TRUNCATED)], lambda q: [flood(q)[:65535]], ERROR),
        "two-keys": (lambda q: [q.reply([txt(q.name, "v=DKIM1; p=QUJD"), *forged(q)])], None, (535, "permerror", "several-keys")),
    }


NAMES = sorted(lies(""))


@one_test_each(NAMES, lambda name: name.replace("-", "_"))
class HostileResolver(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.honest = make_domain(cls.workspace, "honest.example", algorithm="ed25519-sha256")
        cls.attacker = make_domain(cls.workspace, "attacker.example", algorithm="ed25519-sha256")
        cls.resolver = LyingResolver(cls.workspace)
        cls.lies = lies(text_of(cls.attacker))
        for name, (answers, over_tcp, _) in cls.lies.items():
            cls.resolver.answers[f"{name}.example"] = answers
            if over_tcp:
                cls.resolver.over_tcp[f"{name}.example"] = over_tcp
        cls.resolver.drip.add("truncated-and-slow.example")
        cls.resolver.answers["plain.example"] = lambda q: [q.reply([txt(q.name, text_of(cls.attacker))])]
        cls.resolver.answers["honest.example"] = lambda q: [
            q.reply([txt(q.name, text_of(cls.attacker))], identifier=another(q.identifier)),
            q.reply([txt(q.name, text_of(cls.honest))])]
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, cls.resolver.endpoint, "--dns-timeout", "1s"),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()

    def authenticate_as(self, name: str, key: SigningDomain) -> tuple[int, float, dict]:
        """The reply, the seconds until it came, and the verdict."""
        client = SmtpClient(RECEIVER.ipv4, 25)
        self.addCleanup(client.close)
        credential = SigningDomain(name, None, key.key, "").sign(client.destination, client.source)
        begin = time.monotonic()
        code = client.authenticate(credential)
        seconds = time.monotonic() - begin
        source = client.source
        client.quit()
        return code, seconds, self.receiver.verdict_of(source)

    def check(self, name: str) -> None:
        code, seconds, verdict = self.authenticate_as(f"{name}.example", self.attacker)
        self.assertEqual((code, verdict["result"], verdict["reason"]), self.lies[name][2], verdict["detail"])
        self.assertLess(seconds, DNS_TIMEOUT + SPARE)
        code, seconds, verdict = self.authenticate_as("honest.example", self.honest)
        self.assertEqual((code, verdict["result"]), (235, "pass"), verdict["detail"])
        self.assertLess(seconds, DNS_TIMEOUT + SPARE)

    def test_the_same_key_passes_when_it_is_answered_as_it_should_be(self) -> None:
        self.assertEqual(self.authenticate_as("plain.example", self.attacker)[0], 235)

    def test_a_forged_answer_that_comes_first_does_not_count(self) -> None:
        self.assertEqual(self.authenticate_as("honest.example", self.attacker)[0], 535)
        self.assertEqual(self.authenticate_as("honest.example", self.honest)[0], 235)
