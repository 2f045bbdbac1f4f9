"""`tecs probe` against real servers: what it says of them, and how it ends."""

import json
import os
import re
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from typing import Callable, Mapping

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.clock import clock_off_by
from tecs_testing.commands import make_domain, program_path
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses, translate_destinations
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.waiting import wait_until

HOST = "mx.receiver.example"
WITHOUT_TECS, WITH_TLS, BROKEN_TLS, SEEN_ELSEWHERE = 26, 27, 28, 29
BEHIND, OUTSIDE = "10.0.0.25", "192.0.2.77"


@dataclass(frozen=True)
class Case:
    name: str
    options: list[str] = field(default_factory=list)
    port: int = 25
    host: str = RECEIVER.ipv4
    key: str | None = "good"  # None: nothing is signed
    code: int = 0
    outcome: str = "accepted"
    why: str = ""
    steps: list[str] = field(default_factory=list)  # empty: not looked at
    environment: Mapping[str, str] = field(default_factory=dict)


PLAIN = ["greeting", "ehlo", "auth", "quit"]
ENCRYPTED = ["greeting", "ehlo", "starttls", "tls", "ehlo", "auth", "quit"]
CASES = [
    Case("takes_the_signature", steps=PLAIN),
    Case("over_ipv6", host=f"[{RECEIVER.ipv6}]", steps=PLAIN),
    Case("from_another_address", ["--source", SENDER.ipv4]),
    Case("only_looks", key=None, outcome="offered", steps=["greeting", "ehlo", "quit"]),
    Case("ed25519", key="short"),
    Case("challenge", ["--challenge"], steps=["greeting", "ehlo", "auth", "auth", "quit"]),
    Case("wrong_key", key="other", code=1, outcome="refused", why="another one than that of --key"),
    Case("unpublished_key", key="unpublished", code=1, outcome="refused", why="no key of unpublished.example stands in DNS"),
    Case("slow_clock", code=1, outcome="refused", environment=clock_off_by(-90), why="90 seconds behind the server's"),
    Case("not_offered", port=WITHOUT_TECS, code=1, outcome="not-offered", steps=["greeting", "ehlo", "quit"]),
    Case("starttls", port=WITH_TLS, steps=ENCRYPTED),
    Case("starttls_not_wanted", ["--tls", "none"], port=WITH_TLS, steps=PLAIN),
    Case("starttls_demanded", ["--tls", "encrypt"], port=WITH_TLS, steps=ENCRYPTED),
    Case("starttls_demanded_and_not_there", ["--tls", "encrypt"], code=1, outcome="no-tls", steps=["greeting", "ehlo", "quit"]),
    Case("certificate_of_nobody_known", ["--tls", "verify"], host=HOST, port=WITH_TLS, code=1, outcome="tls-failed"),
    Case("certificate_that_is_trusted", ["--tls", "verify"], host=HOST, port=WITH_TLS, steps=ENCRYPTED,
         environment={"SSL_CERT_FILE": "{certificate}"}),
    Case("handshake_fails_and_mail_may_go_in_the_clear", port=BROKEN_TLS, steps=PLAIN),
    Case("server_is_translated", host=BEHIND, code=1, outcome="refused", why="key, address and clock are right"),
    Case("client_is_translated", ["--source", SENDER.ipv4], port=SEEN_ELSEWHERE, code=1, outcome="refused",
         why=f"the server sees this host as {OUTSIDE}:"),
    Case("client_is_translated_and_asks", ["--source", SENDER.ipv4, "--challenge"], port=SEEN_ELSEWHERE),
]


class ProbeTestCase(WorkspaceTestCase):
    def probe(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess:
        return subprocess.run([program_path("tecs"), "probe", *arguments], capture_output=True, text=True, check=False,
                              env={**os.environ, **(environment or {})})


@one_test_each(CASES, lambda case: case.name)
class Probe(ProbeTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)
        for address in (BEHIND, OUTSIDE):
            subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        # To the server everything is addressed to itself; to the client this is a server with another address.
        translate_destinations({(BEHIND, 25): (RECEIVER.ipv4, 25)})
        nat = ("table ip nat_of_a_client {\n  chain postrouting {\n    type nat hook postrouting priority srcnat\n"
               f"    ip saddr {SENDER.ipv4} tcp dport {SEEN_ELSEWHERE} snat to {OUTSIDE}\n  }}\n}}\n")
        subprocess.run(["nft", "-f", "-"], input=nat, text=True, check=True)
        hosts = cls.workspace.file("hosts", f"{RECEIVER.ipv4} {HOST}\n")
        subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", "/etc/hosts"], check=True)

        cls.keys = {"good": make_domain(cls.workspace, "signed.example", selector="s1"),
                    "other": make_domain(cls.workspace, "signed.example", selector="s1", file_name="other"),
                    "short": make_domain(cls.workspace, "short.example", algorithm="ed25519-sha256"),
                    "unpublished": make_domain(cls.workspace, "unpublished.example")}
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish_all({"signed.example": cls.keys["good"].record, "short.example": cls.keys["short"].record,
                                     "unpublished.example": ""})
        cls.certificate = make_certificate(cls.workspace, HOST)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint), [
            SmtpService(RECEIVER.ipv4, 25),
            SmtpService(RECEIVER.ipv6, 25),
            SmtpService(RECEIVER.ipv4, SEEN_ELSEWHERE),
            SmtpService(RECEIVER.ipv4, WITHOUT_TECS, {"smtpd_sasl_auth_enable": "no"}),
            SmtpService(RECEIVER.ipv4, WITH_TLS, cls.certificate.settings()),
            # It offers STARTTLS and has nothing in common with any client.
            SmtpService(RECEIVER.ipv4, BROKEN_TLS, {**cls.certificate.settings(), "smtpd_tls_protocols": "<=TLSv1.1",
                                                    "smtpd_tls_loglevel": "0"}),
        ]).start()

    def check(self, case: Case) -> None:
        arguments = [f"{case.host}:{case.port}", "--helo", "probe.example", "--resolver", self.name_server.endpoint,
                     "--timeout", "20s", *case.options]
        if case.key:
            domain = self.keys[case.key]
            selector = ["--selector", domain.selector] if domain.selector else []
            arguments += ["--domain", domain.name, *selector, "--key", str(domain.key)]
        environment = {name: value.format(certificate=self.certificate.chain) for name, value in case.environment.items()}
        done = self.probe(*arguments, "--json", environment=environment)
        told = f"{done.stdout}\n{done.stderr}\n{self.receiver.explain()}"
        self.assertEqual((done.returncode, done.stderr), (case.code, ""), told)
        report = json.loads(done.stdout)
        self.assertEqual(report["outcome"], case.outcome, told)
        self.assertIn(case.why, report["why"], told)
        if case.steps:
            self.assertEqual([step["step"] for step in report["steps"]], case.steps, told)
        if case.outcome == "accepted":
            self.assertEqual(report["key"]["result"], "pass", told)

    def test_reads_well(self) -> None:
        done = self.probe(RECEIVER.ipv4, "--helo", "probe.example", "--resolver", self.name_server.endpoint, "--domain",
                          "signed.example", "--selector", "s1", "--key", str(self.keys["good"].key), "--source", SENDER.ipv4)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(
            f"Probing {RECEIVER.ipv4}, port 25, as probe.example. No mail is sent.\n\nConnected to {RECEIVER.ipv4}:25 from {SENDER.ipv4}:"))
        self.assertIn("\nC: AUTH TECS-1 ", done.stdout)
        self.assertIn("\nS: 235 ", done.stdout)
        self.assertTrue(done.stdout.endswith("\nSigned: the server knows that signed.example answers for this connection.\n"))

    def test_sends_no_mail(self) -> None:
        """An address that no other test connects from tells which connection it was."""
        source = "127.0.0.99"
        self.probe(RECEIVER.ipv4, "--helo", "probe.example", "--source", source)
        ended = wait_until("end of the connection", lambda: self.receiver.postfix.log_lines(
            rf"disconnect from \S*\[{re.escape(source)}\]"))
        self.assertEqual(len(ended), 1)
        self.assertRegex(ended[0], r" ehlo=1 quit=1 commands=2$")


class BadServers(ProbeTestCase):
    """Servers that no MTA would be."""

    @classmethod
    def set_up(cls) -> None:
        pass

    def play(self, serve: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        return f"127.0.0.1:{listener.getsockname()[1]}"

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        done = self.probe(f"127.0.0.1:{port}")
        self.assertEqual((done.returncode, done.stderr), (69, f"tecs probe: cannot connect: 127.0.0.1:{port}: Connection refused\n"))

    def test_no_such_host(self) -> None:
        done = self.probe("mx.invalid")
        self.assertIn(done.returncode, (69, 75))  # there is no DNS here, which is not always said at once
        self.assertIn("mx.invalid", done.stderr)

    def test_vanishes_after_the_greeting(self) -> None:
        done = self.probe(self.play(lambda connection: connection.sendall(b"220 mx\r\n")))
        self.assertEqual(done.returncode, 75, done.stdout)
        self.assertIn("The conversation broke off: ", done.stdout)

    def test_says_nothing(self) -> None:
        ended = threading.Event()
        self.addCleanup(ended.set)
        done = self.probe(self.play(lambda _connection: ended.wait(30) and None), "--timeout", "200ms")
        ended.set()
        self.assertEqual(done.returncode, 75, done.stdout)
        self.assertIn("nothing came within 200ms", done.stdout)

    def test_speaks_without_end(self) -> None:
        def serve(connection: socket.socket) -> None:
            try:
                while True:
                    connection.sendall(b"220-" + b"x" * 1000 + b"\r\n")
            except OSError:
                pass

        done = self.probe(self.play(serve))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("This is not SMTP: a reply has more than 128 lines", done.stdout)
        self.assertLess(len(done.stdout), 2000)

    def test_sends_control_characters(self) -> None:
        done = self.probe(self.play(lambda connection: connection.sendall(b"554 \x1b]0;owned\x07\xff\r\n")))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(r"S: 554 \x1B]0;owned\x07\xFF", done.stdout)
