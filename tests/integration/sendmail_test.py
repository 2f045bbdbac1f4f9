"""Mail from Postfix with tecs-signer to a real Sendmail, set up as docs/sendmail.md says."""

import pathlib
import re
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain, program_path
from tecs_testing.daemons import TecsSigner, signer_user
from tecs_testing.document import shown_command, shown_files
from tecs_testing.exchange_tests import ExchangeTests
from tecs_testing.netcat import run_with_netcat
from tecs_testing.network import RECEIVER
from tecs_testing.ports import written
from tecs_testing.receiver import tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.sendmail_receiver import SendmailTestCase


@dataclass(frozen=True)
class Case:
    name: str
    result: str
    reason: str = ""
    family: str = "IPv4"
    algorithm: str = "rsa-sha256"
    bits: int = 2048
    record: str = "{own}"  # what stands in DNS; {own} and {other} are the records of the signer's key and of another one
    signed: bool = True

    @property
    def domain(self) -> str:
        return f"{self.name.replace('_', '-')}.example".lower()


CASES = [
    Case("rsa_over_IPv4", "pass"),
    Case("rsa_over_IPv6", "pass", family="IPv6"),
    Case("ed25519_over_IPv4", "pass", algorithm="ed25519-sha256", bits=256),
    Case("ed25519_over_IPv6", "pass", algorithm="ed25519-sha256", bits=256, family="IPv6"),
    Case("after_the_challenge", "pass", bits=4096),  # its credential does not fit into the AUTH command
    Case("unsigned", "none", signed=False),
    Case("wrong_key", "fail", "signature-mismatch", record="{other}"),
    Case("no_key", "permerror", "no-key", record=""),
]


@one_test_each(CASES, lambda case: case.name)
class FromPostfix(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        zones, routes, cls.signers = {}, [], {}
        for case in CASES:
            upstream = written(RECEIVER.address(case.family), 25)
            if not case.signed:
                routes.append(Route(f"somebody@{case.domain}", f"[{RECEIVER.ipv4}]:25"))
                continue
            own = make_domain(cls.workspace, case.domain, algorithm=case.algorithm, bits=case.bits, owner=signer_user())
            other = make_domain(cls.workspace, case.domain, file_name=f"{case.domain}-other")
            zones[case.domain] = case.record.format(own=own.record, other=other.record)
            cls.signers[case] = TecsSigner(cls.workspace, f"signer-{case.name}", own, upstream)
            routes.append(Route(f"somebody@{case.domain}", f"[127.0.0.1]:{cls.signers[case].port}"))
        cls.name_server.publish_all(zones)
        cls.sender = Sender(cls.workspace, routes).start()

    def check(self, case: Case) -> None:
        self.sender.send(f"somebody@{case.domain}", "somebody@receiver.example", subject=case.name)

        verdict = self.assert_told(case.name, case.result, case.reason, case.domain if case.signed else "")

        self.assertEqual(verdict["server"], written(RECEIVER.address(case.family), 25))
        if case.result == "pass":
            self.assertEqual((verdict["algorithm"], verdict["key_bits"]), (case.algorithm, case.bits))
        elif case.signed:
            self.assertRegex(self.signers[case].log.read_text(), r"the server refused the signature: 535 ")


class Exchange(ExchangeTests, SendmailTestCase):
    pass


class DoorAway(SendmailTestCase):
    def test_mail_flows_while_tecs_milter_is_away(self) -> None:
        self.assertEqual(self.sign_and_deliver("before"), 235)
        self.assert_told("before", "pass", "", self.domain.name)

        self.milter.stop()
        self.assertEqual(self.sign_and_deliver("meanwhile"), 535)
        self.assertEqual(tecs_results(self.receiver.arrived("meanwhile")), [])
        self.assertTrue(self.receiver.sendmail.log.lines("TECS-1: tecs_socket: "))

        self.milter.start()
        self.assertEqual(self.sign_and_deliver("afterwards"), 235)
        self.assert_told("afterwards", "pass", "", self.domain.name)


    def test_mail_flows_when_tecs_milter_ends_in_the_middle(self) -> None:
        for number, phase in enumerate(("EHLO", "AUTH", "MAIL", "RCPT", "DATA")):
            with self.subTest(after=phase):
                client = self.connect()
                steps = (lambda: client.ehlo(),
                         lambda: client.authenticate(client.credential(self.domain)),
                         lambda: client.mail("somebody@stranger.example"),
                         lambda: client.rcpt("somebody@receiver.example"),
                         lambda: client.docmd("DATA"))
                for at, step in enumerate(steps):
                    step()
                    if at == number:
                        self.milter.stop()
                client.send(f"Subject: ended after {phase}\r\n\r\nHello.\r\n.\r\n")
                self.assertEqual(client.getreply()[0], 250, self.receiver.explain())
                self.receiver.arrived(f"ended after {phase}")
            self.milter.start()
        self.assertEqual(self.sign_and_deliver("all is well again"), 235)


class DnsAway(SendmailTestCase):
    def test_mail_flows_and_the_verdict_says_so(self) -> None:
        self.name_server.down()
        self.assertEqual(self.sign_and_deliver("DNS down"), 535)
        self.assert_told("DNS down", "temperror", "dns-error", self.domain.name)


class AllAddresses(SendmailTestCase):
    """One line of sendmail.mc serves both families: Sendmail then sees mapped addresses, and configures none."""

    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver(without="DAEMON_OPTIONS(", settings="DAEMON_OPTIONS(`Family=inet6, Name=MX, Port=smtp')dnl\n")

    def test_both_families(self) -> None:
        for family in ("IPv4", "IPv6"):
            with self.subTest(family=family):
                self.assertEqual(self.sign_and_deliver(family, family), 235)
                verdict = self.assert_told(family, "pass", "", self.domain.name)
                self.assertEqual(verdict["server"], written(RECEIVER.address(family), 25))


class WithGreetPause(SendmailTestCase):
    """As Debian has it, and the others have not, for they would wait for a second a connection."""

    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver(greet_pause=True)

    def test_the_document_tells_how_to_look_whether_it_is_working(self) -> None:
        command, answer = shown_command("sendmail.md", "nc")
        self.assertEqual(run_with_netcat(self.workspace, command), f"{answer}\n", self.receiver.explain())


class WithoutTheMilter(SendmailTestCase):
    """The plugin says both ends, so that a signature can be verified with the SASL door alone."""

    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver(without="INPUT_MAIL_FILTER(")

    def test_signed_and_not(self) -> None:
        with self.connect() as client:
            source = client.source
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        verdict = self.receiver.verdict_of(source)
        self.assertEqual((verdict["result"], verdict["domain"], verdict["server"]),
                         ("pass", self.domain.name, written(RECEIVER.ipv4, 25)))
        with self.connect() as other, self.connect() as client:
            self.assertEqual(client.authenticate(other.credential(self.domain)), 535)
            self.assertEqual(self.receiver.verdict_of(client.source)["reason"], "signature-mismatch")


class WrongSaslConfiguration(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver(sasl_settings="tecs_socket: /run/tecs/sasl\n")

    def test_mail_flows(self) -> None:
        self.assertEqual(self.sign_and_deliver("wrong configuration"), 535)
        self.assert_told("wrong configuration", "none", "", "")
        self.assertTrue(self.receiver.sendmail.log.lines("TECS-1: tecs_socket: a socket is written unix:/path"))


class NoSaslConfiguration(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver(sasl_settings="pwcheck_method: saslauthd\n")

    def test_not_offered_and_mail_flows(self) -> None:
        with self.connect() as client:
            self.assertNotIn("TECS-1", client.esmtp_features.get("auth", ""))
            client.deliver("somebody@receiver.example", "not offered")
        self.assert_told("not offered", "none", "", "")


class Document(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        pass

    def test_shows_a_configuration_that_tecs_milter_takes(self) -> None:
        for document in ("sendmail.md", "postfix-cyrus.md"):
            with self.subTest(document=document):
                shown = self.workspace.file(f"{document}.conf", shown_files(document)["/etc/tecs/milter.conf"])
                checked = subprocess.run([program_path("tecs-milter"), "--config", shown, "--check-config",
                                          "--store", f"sqlite:{self.workspace.path}/verdicts.db"],
                                         capture_output=True, text=True, check=False)
                self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_names_packages_that_the_build_needs(self) -> None:
        root = pathlib.Path(__file__).resolve().parents[2]
        script = (root / "scripts/install-packages").read_text()
        needed = set(re.search(r"^build_packages=\((.*?)^\)", script, re.MULTILINE | re.DOTALL)[1].split())
        needed -= {"ccache", "libgtest-dev", "libgmock-dev", "libbenchmark-dev"}  # of tests and of those who build often
        named = re.search(r"^apt-get install (g\+\+.*?[^\\])\n", (root / "docs/sendmail.md").read_text(), re.MULTILINE | re.DOTALL)
        self.assertEqual(set(named[1].replace("\\\n", " ").split()), needed)
