"""A resolver, or somebody who answers in its place, lies about TLSA records or says nothing: no mail goes where it is not known
whom a server has to be, nothing hangs, mail to others does not wait, and with the truth it goes on by itself."""

import re
import smtplib
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import signer_user
from tecs_testing.lying_resolver import (AUTHENTIC, SERVFAIL, TRUNCATED, Answers, LyingResolver, Question, name_octets,
                                         record)
from tecs_testing.mailbox import Mailbox
from tecs_testing.network import SENDER, Host, add_addresses, redirect_outgoing_smtp
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

A, SOA, TLSA = 1, 6, 52
PLAN_TIME = 10.0  # seconds that all questions about one server may take
BOUND = 15.0  # seconds of a conversation with somebody else, however slow the build of the signer is
PROBE = "probe.example"
SILENT = 20  # more servers than the signer has threads that ask DNS


def tlsa(name: str, association: str) -> bytes:
    usage, selector, matching, octets = association.split()
    return record(f"_25._tcp.{name}", TLSA, bytes([int(usage), int(selector), int(matching)]) + bytes.fromhex(octets))


def lies(right: str) -> dict[str, tuple[Answers, Answers | None]]:
    """What is answered by UDP and by TCP when the records of a server of that name are asked for. Whatever of it counted, the
    mail would go."""
    def forged(question: Question) -> list[bytes]:
        return [record(question.name, TLSA, tlsa("", right)[-35:])]

    other = name_octets("_25._tcp.other.example") + struct.pack("!HH", TLSA, 1)
    return {
        "silence": (lambda q: [], None),
        "server-failure": (lambda q: [q.reply(forged(q), SERVFAIL | AUTHENTIC)], None),
        "another-id": (lambda q: [q.reply(forged(q), AUTHENTIC, identifier=q.identifier ^ 0x5555)], None),
        "another-question": (lambda q: [q.reply(forged(q), AUTHENTIC, octets=other)], None),
        "cut-short": (lambda q: [q.reply(forged(q), AUTHENTIC)[:-20]], None),
        "no-association": (lambda q: [q.reply([record(q.name, TLSA, b"\3\1")], AUTHENTIC)], None),
        "truncated-and-slow": (lambda q: [q.reply([], TRUNCATED)], lambda q: [q.reply(forged(q), AUTHENTIC)]),
    }


NAMES = sorted(lies("3 1 1 00"))


@one_test_each(NAMES, lambda name: name.replace("-", "_"))
class HostileTlsa(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        names = [*NAMES, "right", "not-validated", "another-name", "plain", *(f"silent-{number}" for number in range(SILENT))]
        cls.hosts = {name: Host(f"203.0.113.{number}", f"2001:db8:113::{number}") for number, name in enumerate(names, 1)}
        add_addresses(SENDER, *cls.hosts.values())
        certificate = make_certificate(cls.workspace, "mx.receiver.example")
        cls.right = certificate.tlsa(3)
        cls.resolver = LyingResolver(cls.workspace)
        cls.resolver.answers[PROBE] = lambda q: [q.reply([], AUTHENTIC)]
        for name, host in cls.hosts.items():
            address = socket.inet_aton(host.ipv4)
            cls.resolver.answers[f"{name}.example"] = lambda q, address=address: [
                q.reply([record(q.name, A, address)], AUTHENTIC)]
        for name, (answers, over_tcp) in lies(cls.right).items():
            cls.resolver.answers[f"_25._tcp.{name}.example"] = answers
            if over_tcp:
                cls.resolver.over_tcp[f"_25._tcp.{name}.example"] = over_tcp
        cls.resolver.drip.add("_25._tcp.truncated-and-slow.example")
        cls.tell_the_truth("right", AUTHENTIC)
        cls.tell_the_truth("not-validated", 0)
        cls.resolver.answers["_25._tcp.another-name.example"] = lambda q: [
            q.reply([tlsa("other.example", cls.right)], AUTHENTIC)]
        cls.mailbox = Mailbox(cls.workspace, "mailbox", "receiver.example")
        cls.receiver = Postfix(
            cls.workspace, "receiver", {"myhostname": "mx.receiver.example", **cls.mailbox.settings(), **certificate.settings()},
            [SmtpService(host.ipv4, 25) for host in cls.hosts.values()]).start()
        cls.start_signer()
        cls.ask_amid_lies()

    @classmethod
    def start_signer(cls) -> None:
        domain = make_domain(cls.workspace, "sender.example", algorithm="ed25519-sha256", owner=signer_user())
        lines = [f"{host.ipv4} dane name={name}.example\n" for name, host in cls.hosts.items() if name != "plain"]
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": "original-destination", "domain": domain.name, "key": domain.key, "tls": "may",
            "destinations": cls.workspace.file("destinations", "".join(lines)), "resolver": cls.resolver.endpoint,
            "dnssec-probe": PROBE})
        redirect_outgoing_smtp({SENDER: cls.signer.port}, signer_user()[0])

    @classmethod
    def tell_the_truth(cls, name: str, flags: int) -> None:
        cls.resolver.answers[f"_25._tcp.{name}.example"] = lambda q: [q.reply([tlsa(f"{name}.example", cls.right)], flags)]

    @classmethod
    def greeting(cls, name: str) -> tuple[int, str]:
        with smtplib.SMTP(local_hostname="client.example", timeout=60, source_address=(SENDER.ipv4, 0)) as client:
            code, text = client.connect(cls.hosts[name].ipv4, 25)
            return code, text.decode()

    def deliver(self, name: str, subject: str) -> None:
        with SmtpClient(self.hosts[name].ipv4, 25, SENDER.ipv4) as client:
            client.deliver("somebody@receiver.example", subject)
        self.mailbox.wait_for(subject, self.explain)

    def explain(self) -> str:
        return f"{self.signer.log_tail()}\n{self.receiver.log_tail()}"

    def assert_tls_result(self, name: str, result: str) -> None:
        """Of the last session that came to this server."""
        def told() -> bool:
            results = re.findall(rf"\b{re.escape(self.hosts[name].ipv4)}:25\b.* tls-result=(\S+)", self.signer.text())
            return results[-1:] == [result]

        wait_until(f"session with {name} that is {result}\n{self.signer.log_tail(5)}", told)

    @classmethod
    def ask_amid_lies(cls) -> None:
        """All at the same time. From then on the truth is told."""
        def asked(name: str) -> tuple[int, str, float]:
            begin = time.monotonic()
            return *cls.greeting(name), time.monotonic() - begin

        with ThreadPoolExecutor(len(NAMES)) as threads:
            cls.amid_lies = dict(zip(NAMES, threads.map(asked, NAMES)))
        for name in NAMES:
            cls.tell_the_truth(name, AUTHENTIC)
        cls.resolver.over_tcp.clear()

    def check(self, name: str) -> None:
        code, text, seconds = self.amid_lies[name]
        self.assertEqual((code, text[:5]), (421, "4.7.5"), text)
        self.assertIn(f"TLSA records of {name}.example: ", text)
        # More are asked for than there are threads to ask: some wait for a turn.
        self.assertLess(seconds, 2 * PLAN_TIME + BOUND)
        wait_until("greeting with the truth", lambda: self.greeting(name)[0] == 220)
        self.deliver(name, f"after {name}")
        self.assert_tls_result(name, "dane")

    def test_the_same_records_count_when_they_are_answered_as_they_should_be(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        self.deliver("right", "right")
        self.assert_tls_result("right", "dane")

    def test_they_prove_nothing_where_nobody_vouches_for_them_and_about_others(self) -> None:
        for name in ("not-validated", "another-name"):
            with self.subTest(name):
                self.deliver(name, name)
                self.assert_tls_result(name, "encrypted")

    def test_mail_to_others_does_not_wait(self) -> None:
        self.deliver("right", "before the silence")  # its records are known from here on
        answers: list[tuple[int, str]] = []
        silent = [threading.Thread(target=lambda number=number: answers.append(self.greeting(f"silent-{number}")))
                  for number in range(SILENT)]
        for each in silent:
            each.start()
        for name in ("plain", "right"):
            begin = time.monotonic()
            self.deliver(name, f"{name} in the silence")
            self.assertLess(time.monotonic() - begin, BOUND)
        self.assertEqual(answers, [], "the silence was over before the others had delivered")
        for each in silent:
            each.join()
        self.assertEqual({(code, text[:5]) for code, text in answers}, {(421, "4.7.5")})
