"""What tecs-signer does for the machine that it runs on: reloads, stops, answers for metrics, and says what is wrong."""

import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.request

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import installed, make_domain
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import SmtpService
from tecs_testing.program import Program
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until


class SignerService(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        name_server = NameServer(cls.workspace)
        cls.domains = {}
        for name in ("one.example", "two.example"):
            domain = make_domain(cls.workspace, name, algorithm="ed25519-sha256")
            name_server.publish(domain.name, domain.record)
            os.chown(domain.key, *signer_user())
            cls.domains[name] = domain
        milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(cls.workspace, milter, [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.start_signer()

    @classmethod
    def start_signer(cls) -> None:
        cls.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        cls.workspace.at_end(cls.manager.close)
        notify = cls.workspace.path / "notify"
        cls.manager.bind(str(notify))
        cls.manager.setblocking(False)
        os.chmod(notify, 0o777)
        cls.said: list[str] = []
        cls.port = free_port()
        cls.metrics = f"127.0.0.1:{free_port()}"
        cls.identities = cls.workspace.file("identities", "")
        cls.usual = (f"listen = {written('127.0.0.1', cls.port)}\nupstream = {RECEIVER.ipv4}:25\nuser = nobody\n"
                     f"metrics-address = {cls.metrics}\nidentities = {cls.identities}\n")
        cls.configuration = cls.workspace.file("signer.conf", cls.usual)
        cls.sign_as("one.example")
        program, libraries = installed(cls.workspace, "tecs-signer")
        cls.program = Program(cls.workspace, "signer", [program, "--config", cls.configuration],
                              environment={**libraries, "NOTIFY_SOCKET": str(notify), "WATCHDOG_USEC": "2000000"})
        cls.program.wait_for("readiness", lambda: "READY=1" in cls.listen())

    @classmethod
    def sign_as(cls, domain: str) -> None:
        cls.identities.write_text(f"default {domain} - {cls.domains[domain].key}\n")

    @classmethod
    def listen(cls) -> list[str]:
        """All that the service manager has been told."""
        while True:
            try:
                cls.said += cls.manager.recv(4096).decode().splitlines()
            except BlockingIOError:
                return cls.said

    def setUp(self) -> None:
        self.sign_as("one.example")
        self.reload(self.usual, "the configuration was read again, 1 identities")

    def reload(self, configuration: str, want: str) -> None:
        self.configuration.write_text(configuration)
        before = len(self.answers())
        self.program.signal(signal.SIGHUP)
        # A service manager always listens; sd_notify(3) would wait for one that does not.
        wait_until("answer to SIGHUP", lambda: self.listen() and len(self.answers()) > before)
        self.assertIn(want, self.answers()[-1])

    def answers(self) -> list[str]:
        log = (self.workspace.path / "signer.log").read_text(errors="replace")
        return [line for line in log.splitlines() if "SIGHUP: " in line]

    def client(self) -> SmtpClient:
        client = SmtpClient("127.0.0.1", self.port)
        self.addCleanup(client.close)
        self.assertEqual(client.ehlo("relay.example")[0], 250)
        return client

    def domain_of_a_connection(self) -> str:
        known = {row["id"] for row in self.receiver.milter.verdicts.all()}
        self.client().quit()

        def fresh() -> list[dict]:
            return [row for row in self.receiver.milter.verdicts.all() if row["id"] not in known]
        return wait_until("verdict", fresh)[0]["domain"]

    def test_identities_are_read_again(self) -> None:
        self.assertEqual(self.domain_of_a_connection(), "one.example")
        self.sign_as("two.example")
        self.reload(self.usual, "read again")
        self.assertEqual(self.domain_of_a_connection(), "two.example")

    def test_what_is_wrong_changes_nothing(self) -> None:
        key = self.domains["two.example"].key
        open_key = self.workspace.file("open.pem", pathlib.Path(key).read_text())
        os.chmod(open_key, 0o644)
        for configuration, identities, want in (
            (self.usual, "default two.example - /nowhere.pem\n", f"{self.identities}:1: /nowhere.pem"),
            (self.usual, f"default two.example - {open_key}\n", f"{open_key} belongs to root and has mode 0644"),
            (self.usual, f"default two.example - {key}\nhello\n", f"{self.identities}:2: "),
            (self.usual + "tls = perhaps\n", f"default two.example - {key}\n", f"{self.configuration}:6: tls: "),
            (self.usual + "destinations = /nowhere\n", f"default two.example - {key}\n", "/nowhere"),
            (self.usual + "maximum-connections = 5\n", f"default two.example - {key}\n", "maximum-connections cannot"),
        ):
            with self.subTest(want):
                self.identities.write_text(identities)
                self.reload(configuration, want)
                self.assertIn("nothing was changed", self.answers()[-1])
                self.assertEqual(self.domain_of_a_connection(), "one.example")

    def test_a_session_goes_on_over_a_reload(self) -> None:
        client = self.client()
        self.sign_as("two.example")
        self.reload(self.usual, "read again")
        self.assertEqual(client.docmd("MAIL FROM:<sender@one.example>")[0], 250)

    def test_metrics_tell_what_became_of_connections(self) -> None:
        self.client().quit()
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        self.assertRegex(page, r'(?m)^tecs_signer_connections_total\{result="signed"\} [1-9]')
        self.assertRegex(page, r'(?m)^tecs_signer_tls_total\{level="may",result="clear"\} [1-9]')
        self.assertRegex(page, r"(?m)^tecs_signer_added_seconds_count [1-9]")
        self.assertRegex(page, r"(?m)^tecs_signer_sessions [0-9]")

    def test_root_is_given_up(self) -> None:
        user, _ = signer_user()
        for status in pathlib.Path(f"/proc/{self.program.pid}/task").glob("*/status"):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            self.assertEqual(fields["Uid"].split(), [str(user)] * 4)
            self.assertEqual(int(fields["CapEff"], 16), 0)

    def test_the_watchdog_is_fed(self) -> None:
        alive = self.listen().count("WATCHDOG=1")
        wait_until("three signs of life", lambda: self.listen().count("WATCHDOG=1") >= alive + 3)

    def test_a_stop_lets_a_session_end(self) -> None:
        other = free_port()
        program, libraries = installed(self.workspace, "tecs-signer")
        domain = self.domains["one.example"]
        signer = Program(self.workspace, "stopped",
                         [program, "--listen", written("127.0.0.1", other), "--upstream", f"{RECEIVER.ipv4}:25",
                          "--domain", domain.name, "--key", domain.key], environment=libraries)
        log = self.workspace.path / "stopped.log"
        wait_until("readiness", lambda: "ready" in log.read_text())
        client = SmtpClient("127.0.0.1", other)
        self.addCleanup(client.close)
        client.ehlo("relay.example")
        client.docmd("MAIL FROM:<sender@one.example>")
        end = threading.Thread(target=signer.stop)
        end.start()
        wait_until("stopping", lambda: "stopping; 1 sessions are under way" in log.read_text())
        with self.assertRaises(ConnectionRefusedError):
            wait_until("closed door", lambda: SmtpClient("127.0.0.1", other).close())
        time.sleep(2)  # longer than the rhythm in which it looks at its sessions, and shorter than drain-time
        self.assertEqual(client.docmd("RSET")[0], 250)
        client.quit()
        end.join()
        self.assertIn("stopped", log.read_text())

    def run_with(self, *options: object) -> subprocess.CompletedProcess:
        program, environment = installed(self.workspace, "tecs-signer")
        return subprocess.run([program, *map(str, options)], env=environment, capture_output=True, text=True,
                              check=False, timeout=60)

    def test_a_configuration_can_be_checked_before(self) -> None:
        well = self.run_with("--config", self.configuration, "--check-config")
        self.assertEqual((well.returncode, well.stderr), (0, ""), well)
        self.assertIn("nothing is wrong with the configuration; 1 identities", well.stdout)
        for text, code, want in (("tls = sometimes\n", 78, "checked.conf:6: tls: "),
                                 ("nat = 10.0.0.1/8\n", 78, "checked.conf:6: nat: "),
                                 ("tls = dane\n", 78, "needs the server's name"),
                                 ("destinations = /nowhere\n", 78, "/nowhere")):
            with self.subTest(text):
                wrong = self.run_with("--config", self.workspace.file("checked.conf", self.usual + text),
                                      "--check-config")
                self.assertEqual(wrong.returncode, code, wrong)
                self.assertIn(want, wrong.stderr)

    def test_the_end_of_a_start_says_why(self) -> None:
        usual = ["--upstream", "192.0.2.1:25", "--domain", "one.example"]
        key = self.domains["one.example"].key
        busy = written("127.0.0.1", self.port)
        for options, code, want in (
            ([*usual], 64, "key: "),
            ([*usual, "--key", "/nowhere.pem"], 66, "/nowhere.pem"),
            ([*usual, "--key", key, "--listen", busy], 69, f"cannot listen on {busy}"),
            ([*usual, "--key", "/etc/hostname", "--listen", busy], 78, "/etc/hostname"),
        ):
            with self.subTest(want):
                ended = self.run_with(*options)
                self.assertEqual(ended.returncode, code, ended)
                self.assertIn(want, ended.stderr)
