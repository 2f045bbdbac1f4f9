"""The zone of reputations that tecs-milter asks is lied about, fails or is silent: mail is not held up past the time limit,
no domain gets a better or a worse name than it has, and once the zone answers it counts again."""

import struct
import time
from concurrent.futures import ThreadPoolExecutor

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.lying_resolver import SERVFAIL, TRUNCATED, TXT, Answers, LyingResolver, Question, cname, name_octets, txt
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

ZONE = "rep.example"
LIMIT = 1.0  # seconds for a reputation
SPARE = 8.0  # seconds on top, for a slow build of tecs-milter
SILENT = 20
FAILURES_BEFORE_REST = 5
UNKNOWN, GOOD, BAD = ("TECS_PASS,REP_UNKNOWN", "none"), ("TECS_PASS,REP_GOOD", "accept"), ("TECS_PASS,REP_BAD", "reject")
ELSEWHERE = f"elsewhere.example.{ZONE}"


def lies(word: str) -> dict[str, tuple[Answers, Answers | None]]:
    """What is answered by UDP and by TCP. Whatever of this counted, the domain would be what the word says."""
    def forged(question: Question) -> list[bytes]:
        return [txt(question.name, word)]

    other = name_octets(ELSEWHERE) + struct.pack("!HH", TXT, 1)
    contrary = {"good": "bad", "bad": "good"}[word]
    return {
        "another-id": (lambda q: [q.reply(forged(q), identifier=q.identifier ^ 0x5555)], None),
        "another-question": (lambda q: [q.reply(forged(q), octets=other)], None),
        "another-name": (lambda q: [q.reply([txt(ELSEWHERE, word)])], None),
        "server-failure": (lambda q: [q.reply(forged(q), flags=SERVFAIL)], None),
        "cut-short": (lambda q: [q.reply(forged(q))[:-2]], None),
        "aliases-in-a-circle": (lambda q: [q.reply([cname(q.name, "a.example"), cname("a.example", q.name)])], None),
        "word-behind-no-alias": (lambda q: [q.reply([cname(q.name, "a.example"), txt("b.example", word)])], None),
        "silence": (lambda q: [], None),
        "truncated-and-no-tcp": (lambda q: [q.reply(forged(q), flags=TRUNCATED)], None),
        "truncated-and-slow": (lambda q: [q.reply([], flags=TRUNCATED)], lambda q: [q.reply(forged(q))]),
        "two-words": (lambda q: [q.reply([txt(q.name, contrary), *forged(q)])], None),
        "more-than-a-word": (lambda q: [q.reply([txt(q.name, f"{word} {contrary}")])], None),
    }


NAMES = sorted(lies("good"))


class ReputationZoneTestCase(WorkspaceTestCase):
    """One key serves all domains."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.key = make_domain(cls.workspace, "key.example", algorithm="ed25519-sha256")
        cls.resolver = LyingResolver(cls.workspace)
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, cls.resolver.endpoint, "--reputation", f"dns:{ZONE}",
                                      "--reputation-timeout", f"{LIMIT:.0f}s", "--mode", "enforce"),
            [SmtpService(RECEIVER.ipv4, 25)]).start()

    @classmethod
    def publish(cls, domain: str, answers: Answers, over_tcp: Answers | None = None) -> None:
        """What is said when somebody asks for the reputation; the key is there."""
        record = "".join(cls.key.record.split('"')[1::2])
        cls.resolver.answers[domain] = lambda q: [q.reply([txt(q.name, record)])]
        cls.resolver.answers[f"{domain}.{ZONE}"] = answers
        if over_tcp:
            cls.resolver.over_tcp[f"{domain}.{ZONE}"] = over_tcp

    @classmethod
    def publish_word(cls, domain: str, word: str) -> None:
        cls.publish(domain, lambda q: [q.reply([txt(q.name, word)])])

    def judged(self, domain: str) -> tuple[float, tuple[str, str]]:
        """The seconds until a signed connection was past MAIL, and the symbols and the action of its verdict."""
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            credential = SigningDomain(domain, None, self.key.key, "").sign(client.destination, source)
            begin = time.monotonic()
            self.assertEqual(client.authenticate(credential), 235)
            code = client.mail("sender@client.example")[0]
            seconds = time.monotonic() - begin
        verdict = self.receiver.verdict_of(source)
        self.assertEqual(code == 550, verdict["action"] == "reject")
        return seconds, (verdict["symbols"], verdict["action"])

    def assert_not_known(self, domain: str) -> None:
        seconds, found = self.judged(domain)
        self.assertEqual(found, UNKNOWN, self.receiver.milter.log_tail())
        self.assertLess(seconds, LIMIT + SPARE)


@one_test_each(NAMES, lambda name: name.replace("-", "_"))
class HostileReputationZone(ReputationZoneTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        for word in ("good", "bad"):
            cls.publish_word(f"{word}.example", word)
            for name, (answers, over_tcp) in lies(word).items():
                cls.publish(f"{word}-{name}.example", answers, over_tcp)
            cls.resolver.drip.add(f"{word}-truncated-and-slow.example.{ZONE}")

    def check(self, name: str) -> None:
        self.receiver.milter.stop()
        self.receiver.milter.start()  # which has not yet heard of failures
        for word in ("good", "bad"):
            with self.subTest(word):
                self.assert_not_known(f"{word}-{name}.example")

    def test_what_is_answered_as_it_should_be_counts(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        self.assertEqual([self.judged(f"{word}.example")[1] for word in ("good", "bad")], [GOOD, BAD])


class SilentReputationZone(ReputationZoneTestCase):
    def setUp(self) -> None:
        self.asked: set[str] = set()
        self.receiver.milter.stop()
        self.receiver.milter.start()

    def silence(self, question: Question) -> list[bytes]:
        self.asked.add(question.name)
        return []

    def silent(self, kind: str, count: int) -> list[str]:
        names = [f"{kind}{number}.example" for number in range(count)]
        for name in names:
            self.publish(name, self.silence)
        return names

    def test_who_is_known_waits_for_nobody(self) -> None:
        """Not even for the zone that has fallen silent about it too."""
        known = {f"{word}-before.example": found for word, found in (("good", GOOD), ("bad", BAD))}
        for domain, found in known.items():
            self.publish_word(domain, domain.partition("-")[0])
            self.assertEqual(self.judged(domain)[1], found)
            self.publish(domain, self.silence)
        with ThreadPoolExecutor(SILENT) as threads:
            waiting = [threads.submit(self.assert_not_known, name) for name in self.silent("many", SILENT)]
            wait_until("a question in vain", lambda: self.asked)
            for domain, found in known.items():
                seconds, now = self.judged(domain)
                self.assertEqual(now, found)
                self.assertLess(seconds, SPARE)
            for each in waiting:
                each.result(60)

    def test_a_dead_zone_is_left_in_peace_and_asked_again_later(self) -> None:
        *names, one_more = self.silent("dead", FAILURES_BEFORE_REST + 1)
        for name in names:
            self.assert_not_known(name)
        self.assertEqual(len(self.asked), FAILURES_BEFORE_REST)
        self.assert_not_known(one_more)
        self.assertEqual(len(self.asked), FAILURES_BEFORE_REST, "each new name waits for a zone that is dead")
        for name in (*names, one_more):
            self.publish_word(name, "good")
        wait_until("reputation that is known again", lambda: self.judged(one_more)[1] == GOOD, 60)
        self.assertEqual(self.judged(names[0])[1], GOOD)
