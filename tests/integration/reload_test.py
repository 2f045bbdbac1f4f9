"""SIGHUP: the configuration and all files it names are read again, all or nothing, under sessions that go on."""

import signal
import subprocess
import urllib.request

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import installed, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until


class Reload(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.list = cls.workspace.file("reputation", "signed.example good\n")
        cls.usual = f"reputation = file:{cls.list}\nmode = enforce\n"
        cls.configuration = cls.workspace.file("milter.conf", cls.usual)
        cls.metrics = f"127.0.0.1:{free_port()}"
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, "--config", str(cls.configuration),
                                "--metrics-address", cls.metrics, "--greylist",
                                f"sqlite:{cls.workspace.path}/tecs-milter/greylist.db")
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()

    def setUp(self) -> None:
        self.configure(self.usual, "signed.example good\n", "SIGHUP: the configuration was read again")

    def configure(self, configuration: str, reputation: str, want: str) -> None:
        self.configuration.write_text(configuration)
        self.list.write_text(reputation)
        before = len(self.answers())
        self.milter.signal(signal.SIGHUP)
        wait_until("answer to SIGHUP", lambda: len(self.answers()) > before)
        self.assertIn(want, self.answers()[-1])

    def answers(self) -> list[str]:
        """The lines of the log that say what became of a SIGHUP."""
        return [line for line in self.milter.log_tail(100_000).splitlines() if "SIGHUP: " in line]

    def signed(self) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, 25)
        self.addCleanup(client.close)
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        return client

    def mail(self, client: SmtpClient) -> int:
        return client.docmd("MAIL FROM:<sender@client.example>")[0]

    def test_lists_are_read_again(self) -> None:
        self.assertEqual(self.mail(self.signed()), 250)
        self.configure(self.usual, "signed.example bad\n", "SIGHUP: the configuration was read again")
        self.assertEqual(self.mail(self.signed()), 550)

    def test_the_policy_is_read_again(self) -> None:
        self.configure(f"{self.usual}weight = REP_GOOD=9\n", "signed.example good\n",
                       "SIGHUP: the configuration was read again")
        self.assertEqual(self.mail(self.signed()), 550)

    def test_a_session_keeps_the_rules_that_it_began_with(self) -> None:
        client = self.signed()
        self.configure(f"{self.usual}weight = REP_GOOD=9\n", "signed.example good\n",
                       "SIGHUP: the configuration was read again")
        self.assertEqual(self.mail(client), 250)

    def test_what_is_wrong_changes_nothing(self) -> None:
        for configuration, reputation, want in (
            (f"{self.usual}weight = REP_GOOD=nine\n", "signed.example bad\n", f"{self.configuration}:3: weight: "),
            (f"{self.usual}no-such-key = 1\n", "signed.example bad\n", f"{self.configuration}:3: no-such-key: "),
            (f"{self.usual}weight = REP_GOOD=9\n", "signed.example\n", f"{self.list}:1: "),
            (f"{self.usual}relay-domains = /nowhere\nweight = REP_GOOD=9\n", "signed.example bad\n", "/nowhere"),
        ):
            with self.subTest(want):
                self.configure(configuration, reputation, want)
                self.assertIn("nothing was changed", self.answers()[-1])
                self.assertEqual(self.mail(self.signed()), 250)

    def test_what_cannot_change_is_named(self) -> None:
        self.configure(f"{self.usual}key-cache-size = 5\nweight = REP_GOOD=9\n", "signed.example bad\n",
                       "key-cache-size cannot change")
        self.assertEqual(self.mail(self.signed()), 250)

    def test_metrics_tell_of_it(self) -> None:
        source = self.signed().source
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        self.assertRegex(page, r"(?m)^tecs_sessions [1-9]")
        self.assertRegex(page, r"(?m)^tecs_key_cache_entries [1-9]")
        self.doCleanups()
        self.receiver.verdict_of(source)
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        self.assertRegex(page, r'(?m)^tecs_verdicts_total\{reason="",result="pass"\} [1-9]')
        self.assertRegex(page, r'(?m)^tecs_reputation_total\{reputation="good",source="file:[^"]*"\} [1-9]')

    def check(self, configuration: str) -> subprocess.CompletedProcess:
        path = self.workspace.file("checked.conf", configuration)
        program, environment = installed(self.workspace, "tecs-milter")
        return subprocess.run([program, "--config", path, "--check-config"], env=environment, capture_output=True,
                              text=True, check=False, timeout=60)

    def test_a_configuration_can_be_checked_before(self) -> None:
        well = self.check(f"authserv-id = mx.example.net\nstore = sqlite:{self.workspace.path}/v.db\n"
                          f"greylist = sqlite:{self.workspace.path}/g.db\n{self.usual}")
        self.assertEqual((well.returncode, well.stderr), (0, ""), well)
        self.assertIn("nothing is wrong", well.stdout)
        for configuration, want in (("mode = enfroce\n", "checked.conf:1: mode: must be monitor or enforce"),
                                    ("reputation = file:/nowhere\n", "/nowhere"),
                                    ("store = sqlit:/tmp/x\n", "checked.conf:1: store: must be sqlite: "),
                                    ("store = sqlite:/nowhere/x.db\n", "store: there is no folder /nowhere"),
                                    ("store = sqlite:/tmp/v.db\nmode = enforce\ngreylist = sqlite:/nowhere/x.db\n",
                                     "greylist: there is no folder /nowhere"),
                                    ("user = nobody-of-that-name\n", "checked.conf:1: user: ")):
            with self.subTest(configuration):
                wrong = self.check(configuration)
                self.assertEqual(wrong.returncode, 78, wrong)
                self.assertIn(want, wrong.stderr)
